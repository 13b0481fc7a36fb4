import { Global, Module } from '@nestjs/common';
import { AgentPipeline } from '../agents/agent-pipeline.js';
import { LimitedAnswer } from '../agents/limited-answer.js';
import { ActionsAgent } from './agents/actions.agent.js';
import { DataAgent } from './agents/data.agent.js';
import { DataHelperAgent } from './agents/data-helper.agent.js';
import { OptimizationAgent } from './agents/optimization.agent.js';
import { ReportAgent } from './agents/report.agent.js';
import { TriageAgent } from './agents/triage.agent.js';
import { EarlierChange } from './reports/earlier-change.js';
import { LimitedTotals } from './limited-totals.js';
import { CostAnalysisPipeline } from './pipeline.js';
import { AuthModule } from '../auth/auth.module.js';
import { PreferredModel } from './prices/preferred-model.js';
import { PricesModule } from './prices/prices.module.js';
import { Recommendations } from './reports/recommendations.js';
import { ReportStore } from './reports/report-store.js';
import { ReportsController } from './reports/reports.controller.js';
import { BatchOpportunityTool } from './tools/batch-opportunity.tool.js';
import { CacheOpportunityTool } from './tools/cache-opportunity.tool.js';
import { CombineSavingsTool } from './tools/combine-savings.tool.js';
import { CostBreakdownTool } from './tools/cost-breakdown.tool.js';
import { DataQualityTool } from './tools/data-quality.tool.js';
import { DetectAnomaliesTool } from './tools/detect-anomalies.tool.js';
import { DuplicateRequestsTool } from './tools/duplicate-requests.tool.js';
import { ExplainChangeTool } from './tools/explain-change.tool.js';
import { ForecastSpendTool } from './tools/forecast-spend.tool.js';
import { MakeChartTool } from './tools/make-chart.tool.js';
import { OutputCapTool } from './tools/output-cap.tool.js';
import { OversizedContextTool } from './tools/oversized-context.tool.js';
import { CascadeBreakEvenTool } from './tools/cascade-break-even.tool.js';
import { CommitmentBreakEvenTool } from './tools/commitment-break-even.tool.js';
import { LatencyCostTradeoffTool } from './tools/latency-cost-tradeoff.tool.js';
import { PricePerformanceFrontierTool } from './tools/price-performance-frontier.tool.js';
import { SearchPricesTool } from './tools/search-prices.tool.js';
import { UnitCostsTool } from './tools/unit-costs.tool.js';
import { QueryUsageTool } from './tools/query-usage.tool.js';
import { ReconcileCostsTool } from './tools/reconcile-costs.tool.js';
import { RetryWasteTool } from './tools/retry-waste.tool.js';
import { RunDays } from './tools/run-days.js';
import { SavingAnalyses } from './tools/savings/saving-analyses.js';
import { SimulateModelSubstitutionTool } from './tools/simulate-model-substitution.tool.js';
import { UsageModule } from './usage/usage.module.js';

const AGENTS = [TriageAgent, DataHelperAgent, DataAgent, OptimizationAgent, ActionsAgent, ReportAgent];

const TOOLS = [
  DataQualityTool,
  QueryUsageTool,
  UnitCostsTool,
  ReconcileCostsTool,
  CostBreakdownTool,
  ExplainChangeTool,
  DetectAnomaliesTool,
  ForecastSpendTool,
  SimulateModelSubstitutionTool,
  RetryWasteTool,
  DuplicateRequestsTool,
  OversizedContextTool,
  OutputCapTool,
  CacheOpportunityTool,
  BatchOpportunityTool,
  CombineSavingsTool,
  CascadeBreakEvenTool,
  CommitmentBreakEvenTool,
  LatencyCostTradeoffTool,
  PricePerformanceFrontierTool,
  SearchPricesTool,
  MakeChartTool,
];

/**
 * The application: what a company spends on language models. The platform finds its agents and tools by their decorators; it is global because
 * the platform's supervisor, which can't import it, asks for the AgentPipeline, and runs ask for the LimitedAnswer.
 */
@Global()
@Module({
  imports: [AuthModule, PricesModule, UsageModule],
  controllers: [ReportsController],
  providers: [
    { provide: AgentPipeline, useClass: CostAnalysisPipeline },
    { provide: LimitedAnswer, useClass: LimitedTotals },
    EarlierChange,
    PreferredModel,
    Recommendations,
    ReportStore,
    RunDays,
    SavingAnalyses,
    ...AGENTS,
    ...TOOLS,
  ],
  exports: [AgentPipeline, LimitedAnswer],
})
export class CostAnalysisModule {}
