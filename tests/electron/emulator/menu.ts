type Click = () => void

interface Template {
  id?: string
  label?: string
  role?: string
  type?: string
  enabled?: boolean
  accelerator?: string
  registerAccelerator?: boolean
  click?: Click
  submenu?: Template[]
}

const validAccelerator =
  /^((CmdOrCtrl|Shift|Alt)\+)*(F\d{1,2}|Return|Escape|Delete|Backspace|Tab|Up|Down|Left|Right|Space|Plus|[!-~])$/

class EmulatedItem {
  readonly id: string | undefined
  readonly label: string
  readonly role: string | undefined
  readonly enabled: boolean
  readonly accelerator: string | undefined
  readonly registerAccelerator: boolean
  readonly submenu: EmulatedMenu | undefined
  readonly click: Click

  constructor({ id, label, role, enabled = true, accelerator, registerAccelerator = true, click, submenu }: Template) {
    if (accelerator !== undefined && !validAccelerator.test(accelerator))
      throw new Error(`Not an accelerator: ${accelerator}`)
    this.id = id
    this.label = label ?? role ?? ''
    this.role = role
    this.enabled = enabled
    this.accelerator = accelerator
    this.registerAccelerator = registerAccelerator
    this.submenu = submenu && new EmulatedMenu(submenu)
    this.click = () => {
      if (enabled) click?.()
    }
  }
}

class EmulatedMenu {
  readonly items: EmulatedItem[]

  constructor(template: Template[]) {
    this.items = template.map((item) => new EmulatedItem(item))
  }

  getMenuItemById(id: string): EmulatedItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }

  popup(): void {
    shown = this
  }
}

let application: EmulatedMenu | null = null
/** The context menu that was shown last. */
let shown: EmulatedMenu | null = null

export const Menu = {
  buildFromTemplate: (template: Template[]) => new EmulatedMenu(template),
  setApplicationMenu(menu: EmulatedMenu | null): void {
    application = menu
  },
  getApplicationMenu: () => application,
  getShown: () => shown,
}
