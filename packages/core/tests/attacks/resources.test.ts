import { attackTests } from './attack-tests.js'

attackTests('resources')
