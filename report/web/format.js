// Numbers for people, as report/numbers.h writes them.

const grouped = (value) => Math.round(value).toLocaleString('en-US');

/** Three significant digits, thousands with commas: "0.412", "41.2", "1,012". */
export function significant(value) {
  if (value === 0) return '0';
  const before = Math.floor(Math.log10(Math.abs(value) * 1.0005)) + 1;
  return before >= 3 ? grouped(value) : value.toFixed(Math.min(3, 3 - before));
}

/** How many, whole where it is: "16", "1,012", "15.5" for a median of two. */
export const count = (value) => (Number.isInteger(value) ? grouped(value) : significant(value));

/** Microseconds: "412 µs", "4.12 ms", "1.01 s". */
export function time(us) {
  if (us < 999.5) return `${significant(us)} µs`;
  if (us < 999.5e3) return `${significant(us / 1e3)} ms`;
  return `${significant(us / 1e6)} s`;
}

/** Sizes: "412 B", "64.0 KiB", "3.4 MiB". */
export function size(value) {
  if (value < 1024) return `${Math.round(value)} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KiB`;
  return `${(value / (1024 * 1024)).toFixed(1)} MiB`;
}

/** Bytes, which are counted as far as that can be read: "1,480 B". */
export const bytes = (value) => (value < 99_999.5 ? `${significant(value)} B` : size(value));

/** "81 %", but "0 %" and "100 %" only where it is exactly that. */
export function percent(share) {
  const value = share * 100;
  if (value > 0 && value < 1) return '<1 %';
  if (value > 99 && value < 100) return '>99 %';
  return `${Math.round(value)} %`;
}

/** The same by the unit that the page's data names. */
export function inUnit(unit, value) {
  if (unit === 'us') return time(value);
  if (unit === 'bytes') return bytes(value);
  if (unit === 'size') return size(value);
  if (unit === 'share') return percent(value);
  return significant(value) + (unit === '/s' ? '/s' : '');
}

const short = (value) => String(Number(value.toPrecision(3)));

/** A round number at an axis: no more digits than it has. */
export function tick(unit, value) {
  if (value === 0) return '0';
  if (unit === 'us') {
    if (value < 1e3) return `${short(value)} µs`;
    return value < 1e6 ? `${short(value / 1e3)} ms` : `${short(value / 1e6)} s`;
  }
  if (unit === 'share') return `${short(value * 100)} %`;
  if (unit === 'size' && value >= 1024 && value < 1024 * 1024) return `${short(value / 1024)} KiB`;
  if ((unit === 'bytes' || unit === 'size') && value >= 1024 * 1024) return `${short(value / (1024 * 1024))} MiB`;
  return value >= 1000 ? grouped(value) : short(value);
}
