import { StopSignals } from './stop-signals.js';
import { nameSourceLines } from './telemetry/source-lines.js';

nameSourceLines();
// Loading the server takes seconds: a signal counts before that.
const signals = new StopSignals();
signals.listen();
const { serve } = await import('./serve.js');
process.exit(await serve(signals));
