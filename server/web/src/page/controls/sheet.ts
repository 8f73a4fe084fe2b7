/** The panel as a sheet from the bottom of a phone: dragged down by its grip, it closes. */

const CLOSES_AT = 0.25;

/**
 * Let a sheet follow the finger on its grip.
 *
 * @param sheet - What moves.
 * @param grip - What is dragged.
 * @param close - Called when it was dragged far enough down.
 */
export function dragToClose(sheet: HTMLElement, grip: HTMLElement, close: () => void): void {
  let startY: number | null = null;
  const distance = (event: PointerEvent): number => Math.max(0, event.clientY - (startY ?? 0));
  grip.addEventListener('pointerdown', (event) => {
    startY = event.clientY;
    grip.setPointerCapture(event.pointerId);
    sheet.classList.add('dragged');
  });
  grip.addEventListener('pointermove', (event) => {
    if (startY !== null) sheet.style.transform = `translateY(${distance(event)}px)`;
  });
  const end = (event: PointerEvent): void => {
    const far = startY !== null && distance(event) > sheet.offsetHeight * CLOSES_AT;
    startY = null;
    sheet.classList.remove('dragged');
    sheet.style.transform = '';
    if (far) close();
  };
  grip.addEventListener('pointerup', end);
  grip.addEventListener('pointercancel', end);
}
