import type { LocalCloud } from './local-cloud.ts';

/** What a newcomer needs to see the county's clocks at work: where things are, who one can be, five commands. */
export function welcome({ url, isFirstStart }: LocalCloud, now: string): string {
  const token = (who: string) =>
    `$(curl -s ${url}/dev/token -H 'content-type: application/json' -d '${who}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`;
  const office = token('{"person":"张金颖"}');
  const admin = token('{"admin":true}');
  const json = "-H 'content-type: application/json'";
  return `
督办 Duban · 泸溪县 433122 · 时钟 ${now}${isFirstStart ? ' · 已载入公报 2023 年第 2 期：12 份文件，486 项任务，1580 个定期事项时钟' : ''}

  接口 API      ${url}
  文档 docs     ${url}/docs
  可以扮演 be   张金颖 县应急管理局总工程师，安全生产专班办公室主任 · 李和华 县住建局局长（牵头单位）
                李文林 常务副县长（组长） · 徐建华 县政府督查室主任（督查） · {"admin":true} 管理员
                更多 more: curl -s '${url}/dev/people?q=局长'

三条命令，看一次逾期升级；再两条，看一次重大事项 · Three commands that show an escalation, two more an incident:

# 1 时钟走到 9 月 1 日 8:35：8 月底到期的任务在零点逾期并升级 · advance the clock
curl -s ${url}/dev/clock/advance -H 'content-type: application/json' -d '{"to":"2023-09-01T08:35:00+08:00"}'; echo

# 2 办公室的收件：一条摘要 · the office's inbox: one digest
OFFICE=${office}
curl -s "${url}/v1/inbox?post=yingji-guanli-ju.zong-gongchengshi&limit=1" -H "authorization: Bearer $OFFICE"; echo

# 3 签收一条升级，升级暂停两个工作日 · acknowledge one: its ladder stands still for two working days
curl -s -X POST ${url}/v1/escalations/escalation_luxi-2023-anquan-11-1/acknowledgement -H "authorization: Bearer $OFFICE" -H 'content-type: application/json' -d '{}'; echo

# 4 119 来电：县林业局须在事发后 40 分钟内首报 · a signal: the unit's first report is due in 40 minutes
ADMIN=${admin}
curl -s -X POST ${url}/v1/signals -H "authorization: Bearer $ADMIN" ${json} -d '{"source":"119","number":"2023-0901-1","kind":"xiaofang-anquan-shigu","unit":"县林业局","title":"山火"}'; echo

# 5 无人首报，过 100 分钟：20 分钟提醒，40、60、90 分钟逐级上报 · nobody reports: it climbs at 40, 60 and 90 minutes
curl -s ${url}/dev/clock/advance ${json} -d '{"to":"2023-09-01T10:15:00+08:00"}'; echo
curl -s "${url}/v1/incidents?limit=1" -H "authorization: Bearer $ADMIN"; curl -s "${url}/v1/escalations?unit=linye-ju&limit=3" -H "authorization: Bearer $ADMIN"; echo

停止 stop: Ctrl+C
`;
}
