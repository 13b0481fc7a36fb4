import { Module } from '@nestjs/common';
import { PriceBook } from './price-book.js';

@Module({ providers: [PriceBook], exports: [PriceBook] })
export class PricesModule {}
