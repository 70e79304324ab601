import { defineError } from './create-error.ts'

// What is wrong with a definition or between definitions.

// ---- the text and its head
export const definitionNotObject = defineError({
  code: 'DEFINITION_NOT_OBJECT',
  status: 422,
  message: { en: 'A definition is a JSON object.', zh: '定义必须是一个 JSON 对象。' },
  hint: {
    en: 'Begin with { "kind": …, "key": …, "title": … }.',
    zh: '请以 { "kind": …, "key": …, "title": … } 开头。',
  },
})
export const kindUnknown = defineError({
  code: 'DEFINITION_KIND_UNKNOWN',
  status: 422,
  message: { en: 'There is no kind of definition "{name}".', zh: '没有名为"{name}"的定义类型。' },
  hint: { en: 'Kinds are: {known}.', zh: '可用类型:{known}。' },
})
export const formatTooNew = defineError({
  code: 'DEFINITION_FORMAT_TOO_NEW',
  status: 422,
  message: {
    en: 'Format {name} is newer than this program reads ({known}).',
    zh: '格式 {name} 高于本程序支持的版本({known})。',
  },
  hint: {
    en: 'Update Channelwright, or take an older version of the pack.',
    zh: '请升级 Channelwright,或使用较早版本的模板包。',
  },
})
export const migrationFailed = defineError({
  code: 'DEFINITION_MIGRATION_FAILED',
  status: 422,
  message: {
    en: 'The definition of format {name} could not be brought to {known}.',
    zh: '无法将格式 {name} 的定义升级到 {known}。',
  },
  hint: {
    en: 'It does not have the shape of its own format; compare it with the earlier documentation.',
    zh: '内容不符合其声明的格式,请对照旧版说明检查。',
  },
})
export const checkFailed = defineError({
  code: 'DEFINITION_CHECK_FAILED',
  status: 422,
  message: { en: 'This definition could not be checked: {problem}.', zh: '无法检查该定义:{problem}。' },
  hint: {
    en: 'This is a fault of Channelwright: please report it with the definition. It cannot be published meanwhile.',
    zh: '这是渠匠的缺陷,请附上该定义反馈;在此之前不能发布。',
  },
})
export const definitionMisplaced = defineError({
  code: 'DEFINITION_MISPLACED',
  status: 422,
  message: {
    en: 'A definition of kind {name} does not belong in this place.',
    zh: '{name} 类型的定义不应放在此处。',
  },
  hint: { en: 'Its place in a pack is {place}.', zh: '其在模板包中的位置是 {place}。' },
})
export const packMissing = defineError({
  code: 'PACK_MISSING',
  status: 422,
  message: { en: 'The pack "{name}" has no pack.json.', zh: '模板包"{name}"缺少 pack.json。' },
  hint: { en: 'Add one with key, version and title.', zh: '请添加含 key、version、title 的 pack.json。' },
})
export const packKeyDiffers = defineError({
  code: 'PACK_KEY_DIFFERS',
  status: 422,
  message: {
    en: 'The pack is called "{name}" here and "{folder}" by its folder.',
    zh: '模板包在此名为"{name}",而文件夹名为"{folder}"。',
  },
  hint: { en: 'Give both the same name.', zh: '请保持两者一致。' },
})

// ---- shape, against the meta-schema
export const settingMissing = defineError({
  code: 'DEFINITION_MISSING',
  status: 422,
  message: { en: '"{name}" is missing here.', zh: '此处缺少"{name}"。' },
  hint: { en: 'Add it.', zh: '请补充。' },
})
export const settingUnknown = defineError({
  code: 'DEFINITION_UNKNOWN_SETTING',
  status: 422,
  message: { en: 'There is no setting "{name}" here.', zh: '此处没有设置项"{name}"。' },
  hint: { en: 'Known here: {known}.', zh: '此处可用:{known}。' },
})
export const settingBad = defineError({
  code: 'DEFINITION_BAD_SETTING',
  status: 422,
  message: { en: 'This setting has a value it cannot have. {problem}', zh: '该设置项的值不可用。{problem}' },
  hint: { en: 'See the schema of this kind of definition.', zh: '请参阅该类定义的 schema。' },
})

// ---- names
export const duplicateKey = defineError({
  code: 'DUPLICATE_KEY',
  status: 422,
  message: {
    en: 'Another {kind} has the key "{name}" already ({file}).',
    zh: '已有 {kind} 使用键"{name}"({file})。',
  },
  hint: {
    en: 'Choose another key; every key is used once in a workspace.',
    zh: '请换一个键;同一工作区内每个键只能使用一次。',
  },
})
export const duplicateId = defineError({
  code: 'DUPLICATE_ID',
  status: 422,
  message: { en: 'The x-id "{name}" is used twice ({file}).', zh: 'x-id"{name}"重复使用({file})。' },
  hint: {
    en: 'An x-id is the permanent identity of one thing: give the newer one a fresh id.',
    zh: 'x-id 是元素的永久标识,请为较新的元素换一个新的 x-id。',
  },
})

// ---- references
const dangling = <const C extends string>(code: C, en: string, zh: string) =>
  defineError({
    code,
    status: 422,
    message: { en: `There is no ${en} "{name}".`, zh: `没有名为"{name}"的${zh}。` },
    hint: { en: 'Known: {known}.', zh: '现有:{known}。' },
  })
export const danglingObject = dangling('DANGLING_OBJECT', 'object', '对象')
export const danglingForm = dangling('DANGLING_FORM', 'form', '表单')
export const danglingView = dangling('DANGLING_VIEW', 'view', '视图')
export const danglingFlow = dangling('DANGLING_FLOW', 'flow', '流程')
export const danglingPlan = dangling('DANGLING_PLAN', 'plan', '激励政策')
export const danglingRule = dangling('DANGLING_RULE', 'rule', '规则')
export const danglingCalendar = dangling('DANGLING_CALENDAR', 'calendar', '工作日历')
export const danglingRole = dangling('DANGLING_ROLE', 'role', '角色')
export const danglingField = defineError({
  code: 'DANGLING_FIELD',
  status: 422,
  message: { en: 'There is no field "{name}" in {object}.', zh: '{object} 中没有字段"{name}"。' },
  hint: { en: 'Fields: {known}.', zh: '字段:{known}。' },
})
export const danglingChoice = defineError({
  code: 'DANGLING_CHOICE',
  status: 422,
  message: { en: '"{name}" is none of the choices of {field}.', zh: '"{name}"不是 {field} 的可选项。' },
  hint: { en: 'Choices: {known}.', zh: '可选项:{known}。' },
})
export const wrongFieldType = defineError({
  code: 'WRONG_FIELD_TYPE',
  status: 422,
  message: {
    en: 'The field "{name}" is of type {type}; here one of type {expected} is needed.',
    zh: '字段"{name}"的类型为 {type},此处需要 {expected}。',
  },
  hint: { en: 'Name another field.', zh: '请选择其他字段。' },
})
export const wrongObject = defineError({
  code: 'WRONG_OBJECT',
  status: 422,
  message: {
    en: '"{name}" belongs to {object}; here one of {expected} is needed.',
    zh: '"{name}"属于 {object},此处需要属于 {expected} 的。',
  },
  hint: { en: 'Name another one.', zh: '请选择其他项。' },
})

// ---- objects
export const fieldTypeUnknown = defineError({
  code: 'FIELD_TYPE_UNKNOWN',
  status: 422,
  message: { en: 'There is no field type "{name}".', zh: '没有名为"{name}"的字段类型。' },
  hint: { en: 'Field types: {known}.', zh: '字段类型:{known}。' },
})
export const tooManyFields = defineError({
  code: 'TOO_MANY_FIELDS',
  status: 422,
  message: {
    en: '{count} fields; an object has at most {limit}.',
    zh: '共 {count} 个字段;每个对象最多 {limit} 个。',
  },
  hint: {
    en: 'Split the object in two and join them by a reference.',
    zh: '请拆成两个对象并用关联字段连接。',
  },
})
export const keyReserved = defineError({
  code: 'KEY_RESERVED',
  status: 422,
  message: { en: 'The key "{name}" is taken by the platform.', zh: '键"{name}"已被平台占用。' },
  hint: { en: 'Choose another key.', zh: '请换一个键。' },
})
export const fieldLimits = defineError({
  code: 'FIELD_LIMITS',
  status: 422,
  message: {
    en: 'These limits admit no value of the field: {low} to {high}.',
    zh: '该范围内没有可用的值:{low} 至 {high}。',
  },
  hint: {
    en: 'The lower limit comes first; neither may have more places than the field keeps.',
    zh: '下限不得大于上限,且小数位数不得超过字段的精度。',
  },
})
export const fieldDefault = defineError({
  code: 'FIELD_DEFAULT',
  status: 422,
  message: {
    en: 'The default is no valid value of the field. {problem}',
    zh: '默认值不是该字段的有效值。{problem}',
  },
  hint: { en: 'Give a value the field itself would accept.', zh: '请填写字段可以接受的值。' },
})
export const fieldPatternBad = defineError({
  code: 'FIELD_PATTERN_BAD',
  status: 422,
  message: { en: 'This pattern cannot be used: {problem}.', zh: '该正则表达式不可用:{problem}。' },
  hint: {
    en: 'Patterns run in linear time: no look-around and no back-references.',
    zh: '正则以线性时间运行:不支持环视与反向引用。',
  },
})
export const choiceRepeated = defineError({
  code: 'CHOICE_REPEATED',
  status: 422,
  message: { en: 'The choice "{name}" stands twice.', zh: '选项"{name}"重复出现。' },
  hint: { en: 'Remove one, or give it another value.', zh: '请删除其一或更换其值。' },
})
export const sequencePatternBad = defineError({
  code: 'SEQUENCE_PATTERN_BAD',
  status: 422,
  message: { en: '"{pattern}" is no pattern of a sequence.', zh: '"{pattern}"不是有效的流水号格式。' },
  hint: {
    en: 'Write exactly one counter in braces, {00000}; dates as {yyyy}, {yy}, {mm}, {dd}.',
    zh: '请写且只写一个计数器 {00000};日期用 {yyyy}、{yy}、{mm}、{dd}。',
  },
})
export const requiredUnknown = defineError({
  code: 'REQUIRED_UNKNOWN',
  status: 422,
  message: {
    en: '"{name}" is required but is no field of {object}.',
    zh: '"{name}"被设为必填,但不是 {object} 的字段。',
  },
  hint: { en: 'Fields: {known}.', zh: '字段:{known}。' },
})
export const exclusiveWithoutPeriod = defineError({
  code: 'EXCLUSIVE_WITHOUT_PERIOD',
  status: 422,
  message: { en: '"{name}" is not a period field of {object}.', zh: '"{name}"不是 {object} 的期间字段。' },
  hint: {
    en: 'Exclusion compares date ranges: name a field of type period. There are: {known}.',
    zh: '互斥约束比较日期范围,请指定期间类型的字段。现有:{known}。',
  },
})
export const computedCycle = defineError({
  code: 'COMPUTED_CYCLE',
  status: 422,
  message: { en: 'These computed fields need each other: {name}.', zh: '这些计算字段互相依赖:{name}。' },
  hint: { en: 'Compute one of them from entered fields alone.', zh: '请让其中一个只依赖录入字段。' },
})
export const computedGenerated = defineError({
  code: 'COMPUTED_GENERATED',
  status: 422,
  message: {
    en: 'The field "{name}" is given by the platform and cannot be computed.',
    zh: '字段"{name}"由平台生成,不能设为计算字段。',
  },
  hint: { en: 'Compute another field.', zh: '请改用其他字段。' },
})
export const lifecycleStateUnknown = defineError({
  code: 'LIFECYCLE_STATE_UNKNOWN',
  status: 422,
  message: { en: 'There is no state "{name}".', zh: '没有状态"{name}"。' },
  hint: { en: 'States are the choices of the field: {known}.', zh: '状态即该字段的选项:{known}。' },
})
export const lifecycleStateUnreachable = defineError({
  code: 'LIFECYCLE_STATE_UNREACHABLE',
  status: 422,
  message: { en: 'No move leads from the first state to "{name}".', zh: '从初始状态无法到达"{name}"。' },
  hint: { en: 'Add a move, or remove the choice.', zh: '请添加一条流转,或删除该选项。' },
})
export const partyTwice = defineError({
  code: 'PARTY_TWICE',
  status: 422,
  message: { en: 'Two objects hold the organisations: {name}.', zh: '有两个对象被设为组织主体:{name}。' },
  hint: {
    en: 'Only one object of a workspace may carry "party".',
    zh: '一个工作区只能有一个带 "party" 的对象。',
  },
})

// ---- forms
export const fieldTwiceOnForm = defineError({
  code: 'FIELD_TWICE_ON_FORM',
  status: 422,
  message: { en: 'The field "{name}" stands twice on this form.', zh: '字段"{name}"在表单中出现两次。' },
  hint: { en: 'Keep one place.', zh: '请只保留一处。' },
})
export const fieldNotOnForm = defineError({
  code: 'FIELD_NOT_ON_FORM',
  status: 422,
  message: {
    en: 'There are settings for "{name}", which stands in no row of this form.',
    zh: '"{name}"有设置,但未出现在表单的任何行中。',
  },
  hint: { en: 'Put it in a row or remove the settings.', zh: '请把它放入某一行,或删除其设置。' },
})
export const requiredNeverEntered = defineError({
  code: 'REQUIRED_NEVER_ENTERED',
  status: 422,
  message: {
    en: 'The required field "{name}" is neither on this create form nor given a value.',
    zh: '必填字段"{name}"既不在新建表单上,也没有取值来源。',
  },
  hint: {
    en: 'Put it in a row, give it a default, or set it on submit.',
    zh: '请加入表单、设置默认值,或在提交时赋值。',
  },
})
export const formFieldGenerated = defineError({
  code: 'FORM_FIELD_GENERATED',
  status: 422,
  message: {
    en: 'The field "{name}" is given by the platform and cannot be entered or set.',
    zh: '字段"{name}"由平台生成,不能录入或赋值。',
  },
  hint: { en: 'Show it on a detail view instead.', zh: '请改在详情视图中展示。' },
})

export const formRulesCycle = defineError({
  code: 'FORM_RULES_CYCLE',
  status: 422,
  message: {
    en: 'Whether these fields are shown, or what they hold, depends on each other: {name}.',
    zh: '这些字段的显示或取值互相依赖:{name}。',
  },
  hint: { en: 'Let one of them depend on other fields only.', zh: '请让其中一个只依赖其他字段。' },
})

// ---- views and grants
export const viewTypeUnknown = defineError({
  code: 'VIEW_TYPE_UNKNOWN',
  status: 422,
  message: { en: 'There is no view type "{name}".', zh: '没有名为"{name}"的视图类型。' },
  hint: { en: 'View types: {known}.', zh: '视图类型:{known}。' },
})
export const cardTypeUnknown = defineError({
  code: 'CARD_TYPE_UNKNOWN',
  status: 422,
  message: { en: 'There is no home card "{name}".', zh: '没有名为"{name}"的首页卡片。' },
  hint: { en: 'Cards: {known}.', zh: '卡片:{known}。' },
})
export const viewWithoutObject = defineError({
  code: 'VIEW_WITHOUT_OBJECT',
  status: 422,
  message: { en: 'A view of type {name} needs an object.', zh: '{name} 类型的视图必须指定对象。' },
  hint: { en: 'Add "object".', zh: '请添加 "object"。' },
})
export const columnNotSortable = defineError({
  code: 'COLUMN_NOT_SORTABLE',
  status: 422,
  message: { en: 'Lists cannot be sorted by "{name}" ({type}).', zh: '列表不能按"{name}"({type})排序。' },
  hint: { en: 'Sort by another field.', zh: '请改用其他字段排序。' },
})
export const fieldNotGroupable = defineError({
  code: 'FIELD_NOT_GROUPABLE',
  status: 422,
  message: { en: 'Records cannot be grouped by "{name}" ({type}).', zh: '记录不能按"{name}"({type})分组。' },
  hint: {
    en: 'Group by a field with one comparable value, such as a choice, a reference or a date.',
    zh: '请按可比较的单值字段分组,如选项、关联或日期。',
  },
})
export const groupDatePart = defineError({
  code: 'GROUP_DATE_PART',
  status: 422,
  message: {
    en: 'Only dates are grouped by day, week, month, quarter or year: "{name}" is {type}.',
    zh: '只有日期可按日、周、月、季度、年分组:“{name}”的类型为 {type}。',
  },
  hint: { en: 'Take "by" away, or group by a date.', zh: '请去掉 by,或改用日期字段分组。' },
})
export const groupMoment = defineError({
  code: 'GROUP_MOMENT',
  status: 422,
  message: {
    en: 'Moments are too many for groups: "{name}" needs a part of the calendar.',
    zh: '“{name}”为日期时间,分组时须指定日历单位。',
  },
  hint: {
    en: 'Say "by": day, week, month, quarter or year, in the time zone of the workspace.',
    zh: '请设置 by:day、week、month、quarter 或 year,按工作区时区计算。',
  },
})
export const measureField = defineError({
  code: 'MEASURE_FIELD',
  status: 422,
  message: { en: 'The field does not go with a measure "{kind}".', zh: '字段设置与汇总方式“{kind}”不符。' },
  hint: {
    en: 'A count takes no field; sum, avg, min and max take a number, min and max also a date.',
    zh: 'count 不指定字段;sum、avg、min、max 须指定数值字段,min、max 也可指定日期。',
  },
})
export const measuresWithoutGroup = defineError({
  code: 'MEASURES_WITHOUT_GROUP',
  status: 422,
  message: { en: 'Measures are told of groups, and the view has none.', zh: '视图未分组,无法显示汇总。' },
  hint: { en: 'Name the fields to group by in "group".', zh: '请在 group 中指定分组字段。' },
})
export const columnNotFilterable = defineError({
  code: 'COLUMN_NOT_FILTERABLE',
  status: 422,
  message: {
    en: 'Lists cannot be filtered or searched by "{name}" ({type}).',
    zh: '列表不能按"{name}"({type})筛选或搜索。',
  },
  hint: { en: 'Name another field; search works on text.', zh: '请改用其他字段;搜索只适用于文本。' },
})
export const roleUntitled = defineError({
  code: 'ROLE_UNTITLED',
  status: 422,
  message: {
    en: 'No grant gives the role "{name}" its title and says whom it is for.',
    zh: '没有授权为角色"{name}"定义名称和适用对象。',
  },
  hint: {
    en: 'Add a grant whose key equals the role and that says "for": "partner" or "staff".',
    zh: '请添加键与角色同名的授权,并注明 "for": "partner" 或 "staff"。',
  },
})

// ---- packs
export const ruleInputBad = defineError({
  code: 'RULE_INPUT_BAD',
  status: 422,
  message: { en: 'The input "{name}" has no type that rules know.', zh: '输入"{name}"没有规则可用的类型。' },
  hint: {
    en: 'Write a JSON Schema with one type, or a field with "x-field".',
    zh: '请写只有一种类型的 JSON Schema,或带 "x-field" 的字段。',
  },
})
export const ruleBodyMissing = defineError({
  code: 'RULE_BODY',
  status: 422,
  message: { en: 'A named rule is either a rule or a table.', zh: '命名规则须写 rule 或 table 之一。' },
  hint: { en: 'Keep one of "rule" and "table".', zh: '请保留 "rule" 与 "table" 中的一个。' },
})
export const needMissing = defineError({
  code: 'NEED_MISSING',
  status: 422,
  message: { en: 'The pack "{name}" is needed and is not here.', zh: '缺少所需的模板包"{name}"。' },
  hint: { en: 'Install it first, or check both together.', zh: '请先安装,或与其一起检查。' },
})
export const needVersion = defineError({
  code: 'NEED_VERSION',
  status: 422,
  message: {
    en: 'The pack "{name}" is here in version {version}; {range} is needed.',
    zh: '模板包"{name}"当前版本为 {version},需要 {range}。',
  },
  hint: { en: 'Install a version in that range.', zh: '请安装符合要求的版本。' },
})
export const needRangeBad = defineError({
  code: 'NEED_RANGE_BAD',
  status: 422,
  message: { en: '"{range}" is no range of versions.', zh: '"{range}"不是有效的版本范围。' },
  hint: {
    en: 'Write ^1.2.0, ~1.2.0, >=1.2.0, 1.2.0 or *.',
    zh: '请写 ^1.2.0、~1.2.0、>=1.2.0、1.2.0 或 *。',
  },
})
export const needCycle = defineError({
  code: 'NEED_CYCLE',
  status: 422,
  message: { en: 'These packs need each other: {name}.', zh: '这些模板包互相依赖:{name}。' },
  hint: { en: 'Move what they share to a third pack.', zh: '请把共用部分移到第三个模板包。' },
})
