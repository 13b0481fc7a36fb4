import { Controller, HttpCode, Post } from '@nestjs/common';
import { Open } from '../../src/auth/open.decorator.js';

class PlantedLeak {
  constructor(readonly timer: NodeJS.Timeout) {}
}

const HOUR_MS = 3_600_000;
const kept: PlantedLeak[] = [];

/** Leaves an object and its timer behind each time, so that a test can show that it would find such a thing. */
@Controller('test/leak')
export class PlantedLeakController {
  @Post()
  @HttpCode(204)
  @Open()
  leak(): void {
    kept.push(new PlantedLeak(setTimeout(() => undefined, HOUR_MS)));
  }
}
