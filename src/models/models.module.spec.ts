import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { converse } from '../../test/support/model-loop.js';
import { justText } from '../../test/support/usage-tool.js';
import { ConfigModule } from '../config/config.module.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { MonitorModule } from '../monitor/monitor.module.js';
import { PersistenceModule } from '../persistence/persistence.module.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { ModelLoop } from './model-loop.js';
import { ModelsModule } from './models.module.js';

describe('ModelsModule', () => {
  it('offers a loop that works without any provider', async () => {
    const configuration = loadConfiguration({ NODE_ENV: 'test' });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.with(configuration), TelemetryModule, PersistenceModule, MonitorModule, ModelsModule],
    }).compile();
    const { outcome } = await converse(module.get(ModelLoop), { plan: justText });
    expect(outcome).toMatchObject({ text: 'Planned answer from 0 calls.', degraded: false });
  });
});
