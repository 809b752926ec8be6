// The links of both pages' headers: the same room on the other page, the same page in the other
// language.

import type { Language } from './texts.js';

/** What goes along from one page to the other. */
const SHARED = ['room', 'name', 'lang'];

/** Points the header's links to where they lead from a page with this search ('?room=lobby&…'). */
export function pointLinks(page: Document, search: string, language: Language): void {
  for (const link of page.querySelectorAll<HTMLAnchorElement>('a[data-language]')) {
    const query = new URLSearchParams(search);
    query.set('lang', link.dataset['language'] ?? '');
    link.search = `?${query}`;
    if (link.dataset['language'] === language) link.setAttribute('aria-current', 'true');
  }
  for (const link of page.querySelectorAll<HTMLAnchorElement>('a[data-page]')) {
    const all = new URLSearchParams(search);
    const query = new URLSearchParams([...all].filter(([key]) => SHARED.includes(key)));
    link.search = String(query);
    if (link.pathname === page.location.pathname) link.setAttribute('aria-current', 'page');
  }
}
