import * as tabler from '@tabler/icons-react'
import type { ComponentType } from 'react'

type Icon = ComponentType<{ size?: number | string; stroke?: number | string; color?: string }>

/** The icons that definitions may name, by their Tabler name. A name that is not here shows as a file. */
const icons: Readonly<Record<string, Icon>> = {
  home: tabler.IconHome,
  'shield-check': tabler.IconShieldCheck,
  coins: tabler.IconCoins,
  users: tabler.IconUsers,
  user: tabler.IconUser,
  building: tabler.IconBuilding,
  'building-store': tabler.IconBuildingStore,
  package: tabler.IconPackage,
  inbox: tabler.IconInbox,
  checklist: tabler.IconChecklist,
  'file-text': tabler.IconFileText,
  calendar: tabler.IconCalendar,
  'calendar-stats': tabler.IconCalendarStats,
  'chart-bar': tabler.IconChartBar,
  'chart-pie': tabler.IconChartPie,
  'clipboard-list': tabler.IconClipboardList,
  'credit-card': tabler.IconCreditCard,
  'currency-yuan': tabler.IconCurrencyYuan,
  'currency-dollar': tabler.IconCurrencyDollar,
  discount: tabler.IconDiscount2,
  gift: tabler.IconGift,
  flag: tabler.IconFlag,
  folder: tabler.IconFolder,
  globe: tabler.IconWorld,
  id: tabler.IconId,
  link: tabler.IconLink,
  list: tabler.IconList,
  mail: tabler.IconMail,
  'map-pin': tabler.IconMapPin,
  medal: tabler.IconMedal,
  message: tabler.IconMessage,
  percentage: tabler.IconPercentage,
  phone: tabler.IconPhone,
  receipt: tabler.IconReceipt,
  report: tabler.IconReport,
  school: tabler.IconSchool,
  settings: tabler.IconSettings,
  'shopping-cart': tabler.IconShoppingCart,
  star: tabler.IconStar,
  table: tabler.IconTable,
  tag: tabler.IconTag,
  target: tabler.IconTarget,
  ticket: tabler.IconTicket,
  trophy: tabler.IconTrophy,
  truck: tabler.IconTruck,
  wallet: tabler.IconWallet,
  certificate: tabler.IconCertificate,
  handshake: tabler.IconHeartHandshake,
  'address-book': tabler.IconAddressBook,
  'calendar-plus': tabler.IconCalendarPlus,
  'clipboard-check': tabler.IconClipboardCheck,
  'file-description': tabler.IconFileDescription,
  gavel: tabler.IconGavel,
  'id-badge-2': tabler.IconIdBadge2,
  license: tabler.IconLicense,
  'message-2': tabler.IconMessage2,
  route: tabler.IconRoute,
  scale: tabler.IconScale,
  sitemap: tabler.IconSitemap,
  'target-arrow': tabler.IconTargetArrow,
  'users-group': tabler.IconUsersGroup,
}

export function NamedIcon({
  name,
  size = 20,
  stroke = 1.6,
}: {
  name?: string
  size?: number
  stroke?: number
}) {
  const Icon = icons[name ?? ''] ?? tabler.IconFile
  return <Icon size={size} stroke={stroke} />
}
