// What the inputs of dates stand on, loaded with the first of them.
import 'dayjs/locale/zh-cn'
import '@mantine/dates/styles.css'
