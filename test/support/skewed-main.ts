/** scripted-main.ts on a machine whose clock is wrong by CLOCK_OFFSET_MS. */
import './skewed-clock.js';
import './scripted-main.js';
