/** Elements in one expression each. */

/** Attributes, and listeners under `on…`; false and undefined leave an attribute out. */
export type Properties = Record<string, string | number | boolean | EventListener | undefined>;

/** What an element may contain. */
export type Child = Node | string | null;

/**
 * Make an element.
 *
 * @param tag - Its tag.
 * @param properties - Attributes, and listeners such as `onclick`.
 * @param children - What it contains; null is left out.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) setProperty(made, name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Return the element of the page's shell with an id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page must have an element with id ${id}`);
  return found;
}

/** Set or remove an attribute. */
export function setAttribute(target: Element, name: string, value: string | null): void {
  if (value === null) target.removeAttribute(name);
  else target.setAttribute(name, value);
}

/** Write a text where it differs: an unchanged node costs no layout and no announcement. */
export function setText(target: Node, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

function setProperty(made: HTMLElement, name: string, value: Properties[string]): void {
  if (typeof value === 'function') made.addEventListener(name.slice(2), value);
  else if (value === true) made.setAttribute(name, '');
  else if (value !== false && value !== undefined) made.setAttribute(name, String(value));
}
