/** For `node --import`: runs our TypeScript from its source in a process of its own, as Jest does in the tests. */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
