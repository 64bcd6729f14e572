/** All icons of the product come through here; each is decoration, the word beside it carries the meaning. */
import type { ComponentProps, ComponentType } from 'react'
import {
  ArrowDown, ArrowUp, CalendarClock, ChartLine, ChevronDown, ChevronRight, ChevronsUpDown, CircleAlert, Copy, Download, ExternalLink, Gauge, Info, KeyRound,
  ListChecks, Menu, Play, Search, Settings, ShieldOff, Square, SquareStack, Waypoints, X,
} from 'lucide-react'

type IconProps = Pick<ComponentProps<'svg'>, 'className'>

function decorative(Icon: ComponentType<ComponentProps<'svg'>>): (props: IconProps) => React.JSX.Element {
  return function DecorativeIcon({ className = 'size-4' }: IconProps) {
    return <Icon aria-hidden focusable={false} className={className} />
  }
}

export const AlertIcon = decorative(CircleAlert)
export const AscendingIcon = decorative(ArrowUp)
export const CancelIcon = decorative(Square)
export const ChecksIcon = decorative(ListChecks)
export const CloseIcon = decorative(X)
export const CopyIcon = decorative(Copy)
export const DescendingIcon = decorative(ArrowDown)
export const DownloadIcon = decorative(Download)
export const ExemptionIcon = decorative(ShieldOff)
export const ExternalIcon = decorative(ExternalLink)
export const InfoIcon = decorative(Info)
export const KeyIcon = decorative(KeyRound)
export const MenuIcon = decorative(Menu)
export const OpenIcon = decorative(ChevronDown)
export const NextIcon = decorative(ChevronRight)
export const OverviewIcon = decorative(Gauge)
export const ResourcesIcon = decorative(SquareStack)
export const RunIcon = decorative(Play)
export const ScheduleIcon = decorative(CalendarClock)
export const SearchIcon = decorative(Search)
export const SettingsIcon = decorative(Settings)
export const TrendIcon = decorative(ChartLine)
export const SourcesIcon = decorative(Waypoints)
export const UnsortedIcon = decorative(ChevronsUpDown)
