import { Module } from '@nestjs/common';
import { Gates } from '../support/gates.js';
import { ScriptedAgent } from '../support/scripted-agent.js';
import { DoAgainTool, DoOnceTool } from './chaos-tools.js';
import { Effects } from './effects.js';

/** The agent that does what the harness wrote into its message, and tools whose effects the harness counts. */
@Module({
  providers: [
    Gates,
    ScriptedAgent,
    DoOnceTool,
    DoAgainTool,
    { provide: Effects, useFactory: () => new Effects(process.argv[2] ?? '') },
  ],
})
export class ChaosModule {}
