import { writeGeneratedPages } from './generate.js';

writeGeneratedPages();
