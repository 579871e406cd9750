package words

import (
	"strconv"

	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/fault"
)

// Chinese are the words in simplified Chinese.
var Chinese = Words{
	Language: live.Language{Tag: "zh-CN", Name: "中文", Words: &live.Words{
		Connecting: "正在连接", Live: "实时", Stale: "非实时：正在检查连接", Offline: "离线：正在等待网络",
		LivePolling:  "实时，通过轮询：此浏览器不支持 EventSource。",
		LiveNoDrafts: "实时，但此浏览器不保存草稿",
		NoScript:     "非实时：JavaScript 已关闭。重新加载可更新。",
		Late:         "非实时：缺少脚本。请重新加载。",
		Start: &live.StartWords{
			Loading: "正在加载：{done} / {all} KB", Held: "正在加载：{done} / {all} KB，完成后发送", Connecting: "正在连接",
			NoWasm:   "非实时：不支持 WebAssembly。重新加载可更新。",
			Blocked:  "非实时：WebAssembly 被禁止。重新加载可更新。",
			NoScript: "非实时：缺少脚本。请重新加载。",
			Lost:     "非实时：加载失败。请重新加载。",
			Status:   "非实时：加载失败（{status}）。请重新加载。",
			Broken:   "非实时：页面未能启动。请重新加载。",
			Stopped:  "非实时：页面已停止。请重新加载。",
			Off:      "非实时：页面已关闭。重新加载可更新。",
		},
		Waiting: func(seconds int) string { return strconv.Itoa(seconds) + " 秒后重新连接" },
		Refused: "已被拒绝", OutOfDate: "版本过旧", Closed: "已关闭", Colon: "：", Reason: reasonInChinese,
		Update:         "此页面有新版本。",
		UpdateFetching: "此页面的版本过旧，无法显示新内容。正在获取新版本。",
		UpdateTyped:    "此页面的版本过旧，无法显示新内容。您输入的内容发送或删除后，页面会重新加载。",
		UpdateSoon:     "此页面的版本过旧，无法显示新内容。稍后会重新加载。",
		UpdateNow:      "此页面的版本过旧，无法显示新内容。正在重新加载。",
		UpdateStuck:    "此页面的版本与服务器不符，重新加载也未能解决。",
		Reload:         "重新加载", ReloadNow: "立即重新加载", ReloadAnyway: "放弃输入并重新加载",
		Refusal: refusalInChinese, Failed: "出错了", Busy: "服务器繁忙，请稍后再试。", Language: "语言",
	}},
	List: &livelist.Words{
		List: "列表", Empty: "这里还没有内容。",
		Loading: "正在加载。", Stale: "目前不是实时的：可能缺少更新的内容。", Broken: "此列表无法保持最新。",
		Pause: "暂停", Resume: "继续", Held: func(n string) string { return "（" + n + " 条新的）" },
		Newest: "最新", Unread: func(n string) string { return n + " 条新的" }, Divider: "新",
		Sending: "正在发送", Sent: "已发送", Retry: "重试", Discard: "放弃",
		LoadOlder:    func(items string) string { return "加载更早的" + items },
		LoadingOlder: func(items string) string { return "正在加载更早的" + items },
		OlderFailed:  func(items string) string { return "无法加载更早的" + items + "。" },
		TryAgain:     "再试一次", Beginning: "已经到头了。",
		One: "内容", Many: "内容", Announce: announceInChinese,
		Now: "刚刚", UTC: " UTC", Minutes: func(n int) string { return strconv.Itoa(n) + " 分钟前" },
	},
	Inspect: &inspect.Words{
		Panel: "检查器",
		Drop:  "断开", Gap: "制造缺口", GoOffline: "离线", GoOnline: "上线", Close: "关闭",
		State: "状态", Reason: "原因", Transport: "传输方式", Schema: "模式", Server: "服务器", Position: "位置", Newest: "最新位置", Behind: "落后",
		Type: "类型", Count: "数量", Rate: "每秒", Connection: "连接", Frames: "帧",
	},

	Frame: Frame{
		Description: "用 Go 实现的实时服务器发送事件：以列表显示服务器时间，还有消息、看板、仪表盘、收件箱和对比，从服务器到屏幕全程类型安全。",
		Skip:        "跳到正文",
		Pages:       "页面",
		Live:        "实时", Messages: "消息", Board: "看板", Dashboard: "仪表盘", Inbox: "收件箱", Compare: "对比",
		New: Count{"1 条新的", "% 条新的"}, Unread: Count{"1 条未读", "% 条未读"},
		NotLive: "非实时：您看到的内容可能已过时",
		Here:    "在线", You: "您", Guest: "访客", Others: Count{"还有 1 人", "还有 % 人"},
		Guide:       "开发者指南（英文）",
		NoCookie:    "服务器无法识别您：您的浏览器不保存本站的 Cookie。",
		DateTime:    "2006年1月2日 15:04:05 UTC",
		CurrentTime: "当前时间是 ",
	},
	Front: Front{
		Title:   "服务器发送事件（SSE）实时演示",
		About:   "Go 服务器每秒发送一次它的时间。本页面由 Go 编译为 WebAssembly，通过浏览器的 EventSource 接收。",
		Further: "其他一切也都经由同一个流：", Write: "在 #% 发一条消息", Or: "，或者看看", Compare: "轮询、WebSocket 与 SSE 的对比", Stop: "。",
		List: "列表", EachSecond: "每秒新增一行",
		NoScript: "没有 JavaScript 时列表不会更新。重新加载页面可查看最新时间。",
		Console:  "控制台", Cut: "断开连接", Events: "EventSource 的事件", Frame: "最新事件的帧，与线路上传输的一致",
		Lost: "连接断开", GivesUp: "浏览器放弃重连",
		Received: "收到", Missed: "丢失", Repeated: "重复", CaughtUp: "补收",
		Explanations: [...]string{
			"服务器每秒以一个 Go 类型的值发布时间，只存储一次，供所有读者使用。",
			"EventSource 把它带到页面，由同一类型的 Go 函数加入列表。",
			"连接断开后，页面从最后一个事件之后继续请求：不丢失，也不重复。",
		},
	},
	Room: Room{
		Rooms: "房间", About: [...]string{"大家从这里进来", "外面的动静", "它是怎样构建的"},
		Label: "% 中的消息", Empty: "还没有人发言。", Message: "消息", Messages: "消息",
		As: "昵称", YourName: "您的昵称", Write: "发送到 #%", Text: "消息", Send: "发送",
		Left:   Count{"还可输入 1 个字符", "还可输入 % 个字符"},
		NoName: "请填写昵称", NoAnswer: "服务器还没有告知您的身份，请稍后再试。",
		Edited: "已编辑", Edit: "编辑", EditLabel: "编辑消息", Save: "保存", Cancel: "取消",
		Delete: "删除", Keep: "保留", DeleteIt: "确定删除？", Announcement: "来自 %：%",
		NotSent: "未发送：%", NotChanged: "未更改：%", NotDeleted: "未删除：%",
	},
	Form: Form{Title: "未发送", SendAgain: "重新发送", Back: "返回页面", Stop: "。"},
	Board: Board{
		Title: "看板 %", Boards: "看板", Columns: [...]string{"待办", "进行中", "已完成"},
		NewCard: "在“%”中新建卡片", Add: "添加", CardTitle: "标题", Save: "保存", Edit: "编辑", Delete: "删除",
	},
	Dashboard: Dashboard{
		About: "服务器自身的运行指标，每秒更新一次",
		CPU:   "CPU（单核为 100 %）", Memory: "内存", Streams: "打开的流", Delivered: "投递次数", Sent: "发送字节数", Append: "存储耗时",
		Appended: "已存储", Slowest: "最长存储耗时", Heap: "堆", Goroutines: "协程",
		Present: "当前在线", Guests: Count{"位访客", "位访客"}, Time: "服务器时间",
		Range: "% 至 %", Chart: "%，最近 5 分钟：当前 %，%", Now: "现在", Minutes: "−% 分钟",
		Figures: "最近五分钟的数据", NowColumn: "当前", Lowest: "最低", Mean: "平均", Highest: "最高",
	},
	Inbox: Inbox{
		ReadAll: "全部标为已读", NeedsScript: "通知只对您可见，加载需要 JavaScript。",
		Empty:   "还没有通知。有人在房间里写下 @ 和您的昵称，或有新访客取了昵称时，您会在这里看到。",
		Loading: "正在加载您的通知", AllRead: "全部已读", StayUnread: "%，未能标为已读：%",
		Mentioned: " 提到了您，在 ", Joined: " 是新来的 ", New: "新",
	},
	Missing: Missing{
		Name: "未找到", Title: "这里没有页面",
		About:   "地址可能有误，或者指向本示例没有的房间或看板。",
		ToFront: "前往首页", ToMessages: "前往消息",
	},
	Compare: Compare{
		About:       "轮询、WebSocket 与 SSE 并排对比：同样的消息，每秒四条，看各自接收要付出多少代价。",
		NeedsScript: "测量需要 JavaScript。关于各种方式的说法和测量方法见下文。",
		Transports:  "四种传输方式",
		Names:       [...]string{"轮询", "长轮询", "WebSocket", "SSE"},
		Abouts:      [...]string{"每 2 秒询问一次", "询问后等待", "双向", "单向"},
		State:       "状态", Arrivals: "最近 10 秒到达", Messages: "消息", Missed: "丢失", Median: "延迟中位数", Worst: "最大延迟",
		Requests: "请求", Up: "上行字节", Down: "下行字节", Each: "每条字节",
		Held: "当前连接", Reconnects: "重连次数", CaughtUp: "补收",
		Opening: "连接中", Live: "实时", Checking: "检查中", Waiting: "等待", Offline: "离线", Closed: "已关闭",
		MeasuredFor: "已测量 %", ClocksRead: "时钟误差 %", Pause: "暂停", GoOn: "继续",

		Experiments: "实验",
		DropTitle:   "断开连接",
		DropAbout:   "服务器重置这四种方式的连接，以及一个 EventSource 和一个 WebSocket，后两个只由浏览器自己重新打开。",
		Drop:        "断开", Dropping: "正在断开",
		TalkTitle: "往返通信",
		TalkAbout: "向服务器轮流提问：十次走同时接收消息的 WebSocket，十次走 POST。",
		Talk:      "提问", Talking: "正在提问",
		Watching: "已断开。正在观察哪些会恢复。", Failed: "未能完成：%。", Cut: "断开了 % 个连接。",
		WithKit: "使用本套件：%。", WithBrowser: "只靠浏览器：EventSource %，WebSocket %。",
		Back: "%用 % 恢复", NotBack: "%尚未恢复", Unnoticed: "%没有中断：当时没有打开的连接，或浏览器已重新请求",
		Absent: "不存在", NotCut: "未断开", BackIn: "用 % 恢复", ClosedForGood: "就此关闭",
		Asking: "正在提问。", Answered: "经 WebSocket 用 % 得到回答，经 POST 用 %（中位数）。", Meanwhile: "其间同一个 WebSocket 收到 % 条消息。",
		Comma: "，", And: "和",
		PageLeft: "中途离开了页面", SocketNotOpen: "WebSocket 未能打开",

		Method:      "测量方法",
		Delay:       "延迟：从服务器按其时钟生成消息，到页面自己的函数按页面时钟收到它。页面每秒读取一次服务器时钟，误差不超过最快一次询问往返时间的一半。",
		Bytes:       "字节：由服务器内核统计的 TCP 连接字节数，包括 HTTP 本身。页面查询这些数字的请求不计入。",
		Connections: "连接：使用 HTTP/1.1 时，浏览器对每个主机最多打开六个连接。本页自己的流占一个，SSE 和长轮询各占一个，轮询和提问偶尔占一个，断开实验时再加一个。使用 HTTP/2 时全部共用一个连接，字节无法区分，连接也不会被断开。",
		Visible:     "页面可见时才测量。在后台时它不保持用于对比的连接，服务器也不向它发送数据。",

		Claims: "常见的说法与实测结果", Claim: "有人说", Verdict: "结论", Measured: "本页实测",
		Said: [...]Claim{
			{"轮询", "不停地询问"},
			{"轮询", "每次都要付出一个请求的代价"},
			{"轮询", "占用浏览器对每个主机六个连接中的一个"},
			{"轮询", "间隔长时消息不及时"},
			{"轮询", "是最后的选择"},
			{"WebSocket", "是全双工的"},
			{"WebSocket", "是另一种协议：ws"},
			{"WebSocket", "更重"},
			{"WebSocket", "不会自动重连"},
			{"WebSocket", "适合双向交流，例如聊天"},
			{"SSE", "是单向的：从服务器到客户端，走普通 HTTP"},
			{"SSE", "很轻量"},
			{"SSE", "会自动重连"},
			{"SSE", "支持自定义事件类型"},
			{"SSE", "能做到的事就不需要 WebSocket"},
			{"SSE", "有的浏览器不支持，页面会提示"},
		},
		Verdicts:  [...]string{"尚未测量", "成立", "部分成立", "不成立", "此处无法验证"},
		PressTalk: "请点击“提问”。", PressDrop: "请点击“断开”。",
		Found: Found{
			NoBytes:     "此服务器不知道各传输方式的字节数：见下文。",
			Asks:        "不论有没有消息，到现在已询问 %；SSE 询问了 %。",
			Pays:        "每个请求 %，共 %：至今上行 %。SSE 发送了 %。",
			Holds:       "检查了 %：轮询有 % 次占用一个连接，长轮询 % 次，SSE % 次。WebSocket 不在这六个之内。",
			Late:        "每 2 秒询问一次，延迟中位数为 %，SSE 为 %。",
			LateToo:     "每 2 秒询问一次，延迟中位数为 %，SSE 为 %。但长轮询没有间隔：%。",
			Resort:      "长轮询的延迟中位数为 %（SSE 为 %），每条消息下行 %（%）。在其他方式都不可用时它仍可用。",
			Duplex:      "%经 WebSocket 发出并得到回答，同时它收到 %。",
			Protocol:    "有 % 个请求升级后离开了 HTTP，共 %；SSE 为 % 个，共 % 个。",
			Heavy:       "每条消息下行 %（SSE 为 %），打开连接的请求为 %（%）。编程的代价不计入。",
			Stays:       "断开后只靠浏览器：readyState %，之后 % 内再无变化。",
			KitReturned: "本套件用 % 恢复了自己的连接。",
			Talk:        "经 WebSocket 提问用 % 得到回答，在流之外用 POST 则为 %（% 次的中位数）。",
			OneWay:      "上行 %，每个 %，之后不再上行；下行 %。没有升级。",
			Light:       "每条消息的双向字节：SSE %，WebSocket %，轮询 %，长轮询 %。",
			Cut:         "断开后只靠浏览器：readyState %",
			CutBack:     "，% 后重新打开。遇到某些应答（例如 503）时，浏览器会放弃。",
			CutGone:     "，% 内没有重新打开。",
			Types:       "%以名为 % 的事件到达，浏览器把它们交给了对应的监听函数。",
			Needless:    "SSE 收到 %，丢失 %；WebSocket 收到 %，丢失 %。延迟中位数分别为 % 和 %。",
			Missing:     "此浏览器没有 EventSource，其他页面改用长轮询。",
			NotShown:    "此浏览器有 EventSource，现在的浏览器都有。在没有它的浏览器中，每个页面都会提示，并改用长轮询。",
			Requests:    Count{"1 个请求", "% 个请求"}, Answers: Count{"1 个应答", "% 个应答"}, Checks: Count{"1 次", "% 次"},
			Questions: Count{"1 个问题", "% 个问题"}, Messages: Count{"1 条消息", "% 条消息"},
			Once: "1 次", Twice: "2 次", Times: "% 次",
		},
	},
}

func announceInChinese(n int, _, many, words string) string {
	s := strconv.Itoa(n) + " 条新" + many
	if words == "" {
		return s
	}
	return s + "，最新一条" + words
}

// reasonInChinese has no words for reasons that are not refusals: they are the kit's, in
// English.
func reasonInChinese(r source.Reason) string {
	switch {
	case r.Fault != nil:
		return refusalInChinese(r.Fault)
	case r.Status != 0:
		return "HTTP " + strconv.Itoa(r.Status)
	}
	return ""
}

// refusalInChinese goes by the code of a refusal and its field, since its sentence is the
// server's, in English.
func refusalInChinese(e *fault.Error) string {
	switch e.Code {
	case fault.Invalid:
		return invalidInChinese(e.Field)
	case fault.Unauthenticated:
		return "服务器无法识别您"
	case fault.Forbidden:
		return "您无权这样做"
	case fault.NotFound, fault.Gone:
		return "它已经不存在"
	case fault.Conflict, fault.KeyReused:
		return "其他更改抢先了一步"
	case fault.TooLarge:
		return "内容过大"
	case fault.RateLimited:
		return "请求过于频繁，请稍后再试"
	case fault.Unreachable:
		return "无法连接服务器"
	case fault.Unavailable:
		return "服务器暂时不可用，请稍后再试"
	case fault.Full:
		return "已没有空间"
	}
	return "出错了"
}

// invalidInChinese names the field of a form that the server has refused.
func invalidInChinese(field string) string {
	switch field {
	case "name", "author":
		return "昵称为空、过长或含有不允许的字符"
	case "text":
		return "消息为空或过长"
	case "title":
		return "标题为空或过长"
	}
	return "请求有误"
}
