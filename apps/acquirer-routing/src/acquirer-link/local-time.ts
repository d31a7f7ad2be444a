const chinaOffsetMs = 8 * 3_600_000;

/** DE12 (hhmmss) and DE13 (MMDD) at +08:00. */
export interface LocalTime {
  readonly time: string;
  readonly date: string;
}

/** Formats local times, remembering the last second: a batch holds few. */
export function createLocalTimeFormat(): (epochMs: number) => LocalTime {
  let lastSecond = Number.NaN;
  let last: LocalTime = { time: '', date: '' };
  return (epochMs) => {
    const second = Math.floor(epochMs / 1_000);
    if (second === lastSecond) return last;
    const [, month, day, hour, minute, seconds] = new Date(epochMs + chinaOffsetMs).toISOString().split(/[-T:.]/);
    lastSecond = second;
    last = { time: `${hour}${minute}${seconds}`, date: `${month}${day}` };
    return last;
  };
}
