import { attackTests } from './attack-tests.js'

attackTests('network', 'information', 'leftovers')
