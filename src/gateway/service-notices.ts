import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Lifecycle } from '../monitor/lifecycle.js';
import { ConnectionManager } from './connection-manager.js';

/** Tells connected clients which services are away, and when they are back: on the connections they have. */
@Injectable()
export class ServiceNotices implements OnModuleInit, OnApplicationShutdown {
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly manager: ConnectionManager,
  ) {}

  onModuleInit(): void {
    this.stopListening = this.lifecycle.onDegradation((service, degraded) => this.tell(service, degraded));
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }

  private tell(service: string, degraded: boolean): void {
    for (const connection of this.manager.all()) {
      if (!connection.isServing) continue;
      connection.send({
        type: degraded ? 'service_degraded' : 'service_recovered',
        service,
        mode: this.lifecycle.mode,
        message: degraded ? `${service} is away.` : `${service} is back.`,
        capabilities: [...this.lifecycle.capabilities],
      });
    }
  }
}
