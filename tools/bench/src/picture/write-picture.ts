import { writeFileSync } from 'node:fs';
import type { StreamFigures } from '../stream-figures.ts';
import { streamPicture } from './stream-picture.ts';
import { svgPicture } from './svg-picture.ts';

/** Writes the picture beside the report: `b.json` has `b.svg`. */
export function writePicture(json: string, figures: Pick<StreamFigures, 'throughput' | 'rival'>): void {
  const file = `${json.replace(/\.json$/, '')}.svg`;
  writeFileSync(file, svgPicture(streamPicture(figures)));
  console.log(`picture: ${file}`);
}
