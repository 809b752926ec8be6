// "Save SVG": the picture as a file of its own, with all that the page's style sheet gives it.

const SVG = 'http://www.w3.org/2000/svg';
const INHERITED = ['font-family', 'font-size', 'font-weight', 'font-variant-numeric', 'text-anchor', 'fill', 'stroke',
  'stroke-width', 'stroke-dasharray', 'stroke-opacity', 'fill-opacity', 'paint-order'];

/** Replaces what only the page knows, its variables and classes, by what comes of them. */
function settle(original, copy, around) {
  const computed = getComputedStyle(original);
  const own = Object.fromEntries(INHERITED.map((property) => [property, computed.getPropertyValue(property)]));
  for (const property of INHERITED) {
    copy.removeAttribute(property);
    if (own[property] && own[property] !== around[property]) copy.setAttribute(property, own[property]);
  }
  if (computed.opacity !== '1') copy.setAttribute('opacity', computed.opacity);
  copy.removeAttribute('style');
  copy.removeAttribute('class');
  for (let i = 0; i < original.children.length; ++i) settle(original.children[i], copy.children[i], own);
}

/** The text of a standalone SVG, in the colours that the page has now. */
export function standalone(picture) {
  const copy = picture.cloneNode(true);
  settle(picture, copy, {});
  for (const style of copy.querySelectorAll('style')) style.remove();
  const { width, height } = picture.viewBox.baseVal;
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  const ground = document.createElementNS(SVG, 'rect');
  ground.setAttribute('width', width);
  ground.setAttribute('height', height);
  ground.setAttribute('fill', getComputedStyle(document.documentElement).getPropertyValue('--ground').trim());
  const title = document.createElementNS(SVG, 'title');
  title.textContent = picture.getAttribute('aria-label');
  copy.prepend(title, ground);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

/** A button that saves what `find` gives when it is pressed. */
export function saveButton(find, name) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'save';
  button.textContent = 'Save SVG';
  button.setAttribute('aria-label', `Save the picture "${name}" as SVG`);
  button.addEventListener('click', () => {
    const url = URL.createObjectURL(new Blob([standalone(find())], { type: 'image/svg+xml' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.svg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser reads it after the click
  });
  return button;
}
