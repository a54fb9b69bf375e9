import { attackTests } from './attack-tests.js'

attackTests('processes', 'privileges', 'execution')
