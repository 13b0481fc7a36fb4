import { Module } from '@nestjs/common';
import { GatewayModule } from '../gateway/gateway.module.js';
import { AdminController } from './admin.controller.js';
import { AdminQueries } from './admin-queries.js';

/** Admin REST. */
@Module({ imports: [GatewayModule], controllers: [AdminController], providers: [AdminQueries] })
export class AdminModule {}
