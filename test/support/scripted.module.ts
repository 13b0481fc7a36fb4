import { Module } from '@nestjs/common';
import { ChatterController } from './chatter.js';
import { Gates, GatesController } from './gates.js';
import { PlantedLeakController } from './planted-leak.js';
import { ScriptedAgent, SpeechlessAgent, UnmakeableAgent } from './scripted-agent.js';
import {
  BreakTool,
  GarbleTool,
  KillServerTool,
  QuoteTool,
  SetLineTool,
  SleepInSqlTool,
  StallTool,
  WriteLineTool,
} from './scripted-tools.js';

/** Agents and tools of the tests, added the way users add theirs. */
@Module({
  controllers: [GatesController, ChatterController, PlantedLeakController],
  providers: [
    Gates,
    ...[ScriptedAgent, SpeechlessAgent, UnmakeableAgent],
    ...[WriteLineTool, SetLineTool, BreakTool, GarbleTool, QuoteTool, KillServerTool, SleepInSqlTool, StallTool],
  ],
})
export class ScriptedModule {}
