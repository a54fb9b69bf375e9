import { attackTests } from './attack-tests.js'

attackTests('robustness', 'packages', 'controls')
