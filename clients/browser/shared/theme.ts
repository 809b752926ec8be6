// Light, dark, or as the system has it. The colours stand once, in theme.css, behind a media query;
// the switch rewrites that query and nothing else.

export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'pushbench.theme';
const DARK = 'prefers-color-scheme: dark';

/** The media rules that hold the dark colours. */
function darkRules(): CSSMediaRule[] {
  return [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule): rule is CSSMediaRule => rule instanceof CSSMediaRule)
    .filter((rule) => rule.media.mediaText.includes(DARK));
}

/** The last choice; 'auto' where there is none, or where the browser keeps nothing. */
function chosenTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    return 'auto';
  }
}

function keepTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It lasts as long as the page, then.
  }
}

/** Gives the page the theme that was chosen last, and lets `select` choose another one. */
export function offerThemes(select: HTMLSelectElement): void {
  const rules = darkRules().map(({ media }) => ({ media, automatic: media.mediaText }));
  const show = (theme: Theme): void => {
    const queries = { auto: undefined, light: 'not all', dark: 'screen' };
    for (const { media, automatic } of rules) media.mediaText = queries[theme] ?? automatic;
    // Scroll bars and the browser's own controls follow this.
    document.documentElement.style.colorScheme = theme === 'auto' ? '' : theme;
  };
  select.value = chosenTheme();
  show(chosenTheme());
  select.addEventListener('change', () => {
    const theme = select.value as Theme;
    show(theme);
    keepTheme(theme);
  });
}
