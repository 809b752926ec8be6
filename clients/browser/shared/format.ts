// Numbers, bytes and times as a language writes them.

/** How figures look in one language. */
export class Format {
  readonly #whole: Intl.NumberFormat;
  readonly #tenths: Intl.NumberFormat;
  readonly #share: Intl.NumberFormat;
  readonly #clock: Intl.DateTimeFormat;
  readonly #unitOfTime: Intl.NumberFormat;

  /** `locale`: a language, or one with a region, by which a clock has 12 or 24 hours. */
  constructor(locale: string) {
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    this.#share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
    this.#clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
    this.#unitOfTime = new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: 'millisecond',
      unitDisplay: 'short',
      maximumFractionDigits: 1,
    });
  }

  count(value: number): string {
    return this.#whole.format(value);
  }

  /** With one digit behind the point where there is something to say there. */
  number(value: number): string {
    return this.#tenths.format(value);
  }

  /** Of 0 to 1. */
  percent(share: number): string {
    return this.#share.format(share);
  }

  milliseconds(value: number): string {
    return this.#unitOfTime.format(value);
  }

  /** `at`: ms since 1970. */
  time(at: number): string {
    return this.#clock.format(at);
  }
}

/** The browser's own variety of a language (en-GB of en, …), else the language as such. */
export function localeOf(language: string, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
}
