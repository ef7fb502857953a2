/**
 * On Linux a click of the middle button pastes the text that is marked anywhere on the desktop. That is wanted where one writes; elsewhere the
 * button closes a tab or moves the canvas, and the paste would go to whatever has the focus then. Called once.
 */
export function keepMiddleClicks(): void {
  addEventListener('mouseup', (event) => {
    const writing = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable="true"]')
    if (event.button === 1 && !writing) event.preventDefault()
  })
}
