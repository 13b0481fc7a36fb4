import { Module } from '@nestjs/common';
import { BackOff } from './back-off.js';
import { ModelAvailability } from './model-availability.js';
import { ModelLoop } from './model-loop.js';
import { ModelProbe } from './model-probe.js';
import { ConfiguredModel } from './model-provider.js';
import { pause } from './pause.js';

@Module({
  providers: [
    ModelLoop,
    ModelAvailability,
    ModelProbe,
    ConfiguredModel,
    { provide: BackOff, useFactory: () => new BackOff({ random: () => Math.random(), wait: pause }) },
  ],
  exports: [ModelLoop],
})
export class ModelsModule {}
