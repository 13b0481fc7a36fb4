import type { MigrationInterface } from 'typeorm';
import { AppendRounds1700000000015 } from './0015-append-rounds.js';
import { CopiedUsage1700000000009 } from './0009-copied-usage.js';
import { FinishedRuns1700000000008 } from './0008-finished-runs.js';
import { GoldenPath1700000000001 } from './0001-golden-path.js';
import { ImportEndings1700000000002 } from './0002-import-endings.js';
import { DeliveryLedger1700000000003 } from './0003-delivery-ledger.js';
import { WaysOut1700000000004 } from './0004-ways-out.js';
import { BillsAndPrices1700000000005 } from './0005-bills-and-prices.js';
import { ReportCharts1700000000007 } from './0007-report-charts.js';
import { Recommendations1700000000011 } from './0011-recommendations.js';
import { ServerProcesses1700000000012 } from './0012-server-processes.js';
import { RestatedCosts1700000000013 } from './0013-restated-costs.js';
import { UsageWithBlocks1700000000014 } from './0014-usage-with-blocks.js';
import { WatchedFinals1700000000016 } from './0016-watched-finals.js';

/** All migrations, oldest first. Listed, not found by a pattern: what is not here does not run. */
export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  GoldenPath1700000000001,
  ImportEndings1700000000002,
  DeliveryLedger1700000000003,
  WaysOut1700000000004,
  BillsAndPrices1700000000005,
  ReportCharts1700000000007,
  FinishedRuns1700000000008,
  CopiedUsage1700000000009,
  Recommendations1700000000011,
  ServerProcesses1700000000012,
  RestatedCosts1700000000013,
  UsageWithBlocks1700000000014,
  AppendRounds1700000000015,
  WatchedFinals1700000000016,
];
