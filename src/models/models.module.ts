import { Module } from '@nestjs/common';
import { BackOff } from './back-off.js';
import { ModelAvailability } from './model-availability.js';
import { ModelLoop } from './model-loop.js';
import { ConfiguredModel } from './model-provider.js';
import { pause } from './pause.js';

@Module({
  providers: [
    ModelLoop,
    ModelAvailability,
    ConfiguredModel,
    { provide: BackOff, useFactory: () => new BackOff({ random: () => Math.random(), wait: pause }) },
  ],
  exports: [ModelLoop, ModelAvailability],
})
export class ModelsModule {}
