import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Preferences } from '../../auth/preferences.js';
import { Clock } from '../../telemetry/clock.js';
import { PriceBook } from './price-book.js';

/** Lets users prefer only models that have a price. */
@Injectable()
export class PreferredModel implements OnModuleInit {
  constructor(
    private readonly preferences: Preferences,
    private readonly prices: PriceBook,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.preferences.checkPriceModelsWith((model) =>
      this.prices.describeModel(model, this.clock.now()) === undefined ? 'no price is known for this model' : undefined,
    );
  }
}
