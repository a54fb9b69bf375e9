import { attackTests } from './attack-tests.js'

attackTests('files', 'descriptors', 'environment')
