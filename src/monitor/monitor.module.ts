import { Global, Module } from '@nestjs/common';
import { Lifecycle } from './lifecycle.js';

/** What the process knows about its own state. */
@Global()
@Module({ providers: [Lifecycle], exports: [Lifecycle] })
export class MonitorModule {}
