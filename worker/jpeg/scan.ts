/** The one scan of a baseline JPEG, from tokens. */
import type { KernelInstance } from '../memory/kernels.ts';
import { Sink } from '../memory/sink.ts';
import type { BlockSource } from './blocks.ts';
import { PIECE_BOUND, type Coder } from './coder.ts';
import { baselineHeader, EOI } from './header.ts';
import { codedBytes, optimalTables } from './statistics.ts';
import { TYPICAL_TABLES } from './tables.ts';
import type { TokenStore } from './tokens.ts';

/** What a file holds besides its picture. */
export type FileOptions = {
  /** Write a restart marker behind every row of MCUs but the last. */
  restarts: boolean;
  /** Marker segments to go behind JFIF's. */
  segments: Uint8Array | undefined;
};

/** Codes each row as soon as it is transformed, with the typical tables of Annex K. */
export function encodeAtOnce(
  instance: KernelInstance,
  blocks: BlockSource,
  coder: Coder,
  { restarts, segments }: FileOptions,
): Sink {
  // Half a byte a pixel is more than most photographs need; what does not fit is copied out.
  const sink = new Sink(instance.memory, PIECE_BOUND + (blocks.width * blocks.height) / 2);
  sink.write(baselineHeader(blocks.frame(restarts), TYPICAL_TABLES, segments));
  coder.start(TYPICAL_TABLES);
  for (let row = 0; row < blocks.rows; row++) {
    coder.encodeBlocks(blocks.load(row), blocks, sink);
    if (restarts && row + 1 < blocks.rows) coder.restart(sink, row);
  }
  return finish(coder, sink);
}

/** Adds the tokens of all rows. */
export function addRows(tokens: TokenStore, blocks: BlockSource, restarts: boolean): void {
  for (let row = 0; row < blocks.rows; row++) {
    if (restarts) tokens.restart();
    tokens.add(blocks.load(row));
  }
}

/** Codes the tokens of all rows with the best tables for them. */
export function encodeTokens(
  instance: KernelInstance,
  blocks: BlockSource,
  coder: Coder,
  tokens: TokenStore,
  { restarts, segments }: FileOptions,
): Sink {
  const counts = tokens.counts();
  const tables = optimalTables(counts);
  // One byte in 64 is room for stuffing; what does not fit is copied out.
  const sink = new Sink(instance.memory, PIECE_BOUND + Math.ceil(codedBytes(counts, tables) * (65 / 64)));
  sink.write(baselineHeader(blocks.frame(restarts), tables, segments));
  coder.start(tables);
  if (restarts) {
    tokens.rows.forEach((part, row) => {
      coder.encode(part, sink);
      if (row + 1 < blocks.rows) coder.restart(sink, row);
    });
  } else {
    coder.encode(tokens, sink);
  }
  return finish(coder, sink);
}

function finish(coder: Coder, sink: Sink): Sink {
  coder.flush(sink);
  sink.write(EOI);
  return sink;
}
