import { Module } from '@nestjs/common';
import { Gates, GatesController } from './gates.js';
import { ScriptedAgent, SpeechlessAgent, UnmakeableAgent } from './scripted-agent.js';
import {
  BreakTool,
  GarbleTool,
  KillServerTool,
  SetLineTool,
  SleepInSqlTool,
  StallTool,
  WriteLineTool,
} from './scripted-tools.js';

/** Agents and tools of the tests, added the way users add theirs. */
@Module({
  controllers: [GatesController],
  providers: [
    Gates,
    ...[ScriptedAgent, SpeechlessAgent, UnmakeableAgent],
    ...[WriteLineTool, SetLineTool, BreakTool, GarbleTool, KillServerTool, SleepInSqlTool, StallTool],
  ],
})
export class ScriptedModule {}
