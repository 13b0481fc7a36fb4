import { Injectable } from '@nestjs/common';
import { AgentPipeline } from '../agents/agent-pipeline.js';
import type { JsonObject } from '../context/json.js';
import { SUFFICIENCIES, type Sufficiency } from './tools/sufficiency.js';

const ROUTES = {
  sufficient: ['data', 'optimization', 'actions', 'report'],
  partial: ['data_helper', 'data', 'report'],
  insufficient: ['data_helper', 'report'],
} as const satisfies Record<Sufficiency, readonly string[]>;

/**
 * Which agents a question needs ([RN4]), by what triage found out about the data. A question that has nothing to do with it goes straight
 * to report, which says what can be asked; so does one that recommendations computed before answer. Triage that gave no answer counts as partial: then the agents find out themselves.
 */
@Injectable()
export class CostAnalysisPipeline extends AgentPipeline {
  readonly version = '1';
  readonly triage = 'triage';

  route(triageResult: JsonObject): readonly string[] {
    if (triageResult['intent'] === 'unrelated' || triageResult['recommended_by'] !== undefined) return ['report'];
    const sufficiency = SUFFICIENCIES.find((one) => one === triageResult['sufficiency']) ?? 'partial';
    return ROUTES[sufficiency];
  }
}
