// Words that change with a number, by the language's own rules.

import type { Counted } from './texts.js';

/** A language's forms, with '#' for the number. English: one, other; Russian: few and many, too. */
export type Forms = { readonly [form in Intl.LDMLPluralRule]?: string } & {
  readonly other: string;
};

/** A sentence whose form follows its number. */
export function counted(language: string, forms: Forms): Counted {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (count) => (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}
