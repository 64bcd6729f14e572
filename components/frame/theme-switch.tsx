import clsx from 'clsx'
import { themes, type Theme } from './theme'

const words: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' }

/** Three buttons in a form, so that it works before and without script. */
export function ThemeSwitch({ theme, action }: { theme: Theme; action: (form: FormData) => Promise<void> }) {
  return (
    <form action={action} role="group" aria-label="Theme" className="inline-flex rounded border border-control text-xs">
      {themes.map((value) => (
        <button
          key={value} type="submit" name="theme" value={value} aria-pressed={theme === value}
          className={clsx('min-h-7 px-2 first:rounded-l last:rounded-r', theme === value ? 'bg-text font-medium text-page' : 'hover:bg-panel')}
        >
          {words[value]}
        </button>
      ))}
    </form>
  )
}
