import clsx from 'clsx'
import { themes, type Theme } from './theme'

const words: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' }

/** Three buttons in a form, so that it works before and without script. */
export function ThemeSwitch({ theme, action }: { theme: Theme; action: (form: FormData) => Promise<void> }) {
  return (
    <form action={action}>
      <fieldset className="inline-flex rounded border border-control text-xs">
        <legend className="sr-only">Theme</legend>
        {themes.map((value) => (
          <button
            key={value} type="submit" name="theme" value={value} aria-pressed={theme === value}
            className={clsx('min-h-7 px-1.5 last:rounded-r sm:px-2', theme === value ? 'bg-text font-medium text-page' : 'hover:bg-panel')}
          >
            {words[value]}
          </button>
        ))}
      </fieldset>
    </form>
  )
}
