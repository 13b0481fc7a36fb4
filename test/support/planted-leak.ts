import { Controller, HttpCode, Post, Query } from '@nestjs/common';
import { Open } from '../../src/auth/open.decorator.js';

class PlantedLeak {
  constructor(
    readonly timer: NodeJS.Timeout,
    readonly kept: readonly number[],
  ) {}
}

const HOUR_MS = 3_600_000;
const kept: PlantedLeak[] = [];

const NUMBERS_PER_KIB = 128;

/** Leaves an object and its timer behind each time, and as much more as is asked for, so that a test can show that it would find such a thing. */
@Controller('test/leak')
export class PlantedLeakController {
  @Post()
  @HttpCode(204)
  @Open()
  leak(@Query('kib') kib = '0'): void {
    const numbers = Array.from({ length: Number(kib) * NUMBERS_PER_KIB }, (_, index) => index + 0.5);
    kept.push(
      new PlantedLeak(
        setTimeout(() => undefined, HOUR_MS),
        numbers,
      ),
    );
  }
}
