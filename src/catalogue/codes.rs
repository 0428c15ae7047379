//! The table of the codes, in the order of the page.
//!
//! `message` and the Chinese `action` are the page's own words, to the letter. The English `action`
//! is a translation of them. `meaning` is ours; what no page of the service states is marked as a
//! presumption or as the practice of a sibling service. A comment says why a code is foreseen at
//! its stage where that is not plain.

use super::{Actor, Entry, Family, Retry, Stage};
use crate::lang::Text;

/// The page gives one status for every code.
const HTTP_STATUS: u16 = 400;

macro_rules! codes {
    ($(
        $code:literal, $family:ident, $stage:ident, $who:ident, $retry:ident,
            message $message_en:literal, $message_zh:literal,
            meaning $meaning_en:literal, $meaning_zh:literal,
            action $action_en:literal, $action_zh:literal;
    )*) => {
        pub(super) static CODES: &[Entry] = &[
            $(Entry {
                code: $code,
                http_status: HTTP_STATUS,
                family: Family::$family,
                stage: Stage::$stage,
                who: Actor::$who,
                retry: Retry::$retry,
                message: Text { en: $message_en, zh: $message_zh },
                meaning: Text { en: $meaning_en, zh: $meaning_zh },
                action: Text { en: $action_en, zh: $action_zh },
            },)*
        ];
    };
}

// Columns: code, family, stage, who can act, whether to send again.
codes! {
    // Only the issuer knows whether a token is valid; the request shows no more than its shape.
    "AIS.0002", Common, Service, Caller, AfterChange,
        message "The authentication token is abnormal.", "验证Token异常。",
        meaning "The service does not accept the token in X-Auth-Token. Whether it is malformed, expired or meant for something else is not said.",
                "服务不接受 X-Auth-Token 中的 Token；没有说明是格式错误、已过期还是用途不符。",
        action "Check whether the token is correct.",
               "请检查Token是否正确。";
    "AIS.0003", Common, Service, Service, Later,
        message "Failed to complete the request because of an internal service error.", "服务内部错误。",
        meaning "The service failed inside. This says nothing about the file or the request, so the same request may succeed later.",
                "服务内部出错，与文件和请求无关，稍后用相同请求重试可能成功。",
        action "Contact Huawei Cloud support by submitting a service ticket.",
               "请联系华为云支持人员,请通过工单联系我们。";
    "AIS.0004", Common, Service, Operator, AfterChange,
        message "The request is unauthorized.", "无权限操作。",
        meaning "The account may not call this operation. The advice takes it that the service was never enabled, which AIS.0007 says more directly.",
                "账户无权调用此接口。按处理措施的说法，原因是服务尚未开通；AIS.0007 对此说得更直接。",
        action "If the service has not been enabled, enable it. For how to enable it, see Content Moderation Getting Started.",
               "服务未开通请开通服务。服务开通请参见《内容审核快速入门》。";
    // The path and the scene are in the request and can be held against the documented operations.
    "AIS.0005", Common, Request, Caller, AfterChange,
        message "The service does not exist.", "服务不存在。",
        meaning "The service does not know the operation or the scene that was asked for. Samples of the batch interface V2 also show it for a single picture of a batch.",
                "服务不认识所请求的服务类型或场景。V2 批量接口的示例中，批次里的单张图片也会返回此码。",
        action "Check whether the service type or scene passed in is correct. If that does not help, contact Huawei Cloud support by submitting a service ticket.",
               "请检查传入的服务类型或场景是否正确,如果无法解决请联系华为云支持人员,请通过工单联系我们。";
    "AIS.0007", Common, Service, Operator, AfterChange,
        message "The service has not been enabled yet.", "服务未开通。",
        meaning "The account has not enabled the service. Every request fails until it has.",
                "账户尚未开通该服务；开通之前所有请求都会失败。",
        action "Enable the service. For how to do so, see the steps for enabling the service.",
               "请开通服务。开通步骤请参考开通服务步骤说明。";
    "AIS.0010", Common, Request, Caller, AfterChange,
        message "The header is missing or left empty.", "缺少Header或者Header为空。",
        meaning "A header that the service needs is missing or empty, such as Content-Type. A copy of the page of 2026-06-03 words it \"Lack Header or Header %s is empty.\": match on the code, not on the text.",
                "缺少服务必需的请求头（如 Content-Type），或其值为空。2026-06-03 的页面副本把错误信息改成了“Lack Header or Header %s is empty.”，因此应按错误码而不是按文字判断。",
        action "The HTTP request lacks a mandatory header; check whether the mandatory fields such as Content-type are there.",
               "HTTP请求缺少必须的header信息,请检查是否有Content-type等必须字段。";
    "AIS.0011", Common, Request, Caller, AfterChange,
        message "Lack the request parameter, or the request parameter is empty.", "缺少请求参数或者参数为空。",
        meaning "A mandatory field of the body is missing or empty: for images neither image nor url, or no event_type and categories although biz_type is not given. A file of 0 bytes makes an empty image field.",
                "请求体缺少必填字段或字段为空：例如图像接口既没有 image 也没有 url，或未传 biz_type 时缺少 event_type 和 categories。0 字节的文件编码后就是空的 image 字段。",
        action "Check whether the request body lacks a mandatory field; see the request description of the API.",
               "请检查请求body是否缺少必须字段,请参考对应API的请求说明。";
    "AIS.0012", Common, Request, Caller, AfterChange,
        message "The request parameter is not supported.", "请求参数不支持。",
        meaning "A field of the request, or its value, is not one that the operation takes. Where this code ends and AIS.0401 begins is not stated.",
                "请求中的某个字段或其取值不被该接口支持。它与 AIS.0401 的界限没有说明。",
        action "Check the request for fields that are not valid; see the request description of the API.",
               "请检查请求中的字段不合法,请参考对应API的请求说明。";
    "AIS.0013", Common, Request, Caller, AfterChange,
        message "The request method is not allowed.", "请求方法不允许。",
        meaning "The HTTP method is not the one of the operation: POST to submit, GET to query a job. The gateway may answer APIG.0101 first.",
                "HTTP 方法与接口不符：提交用 POST，查询作业用 GET。网关也可能先返回 APIG.0101。",
        action "Check whether the request method is correct.",
               "请检查请求方法是否正确。";
    "AIS.0014", Common, Request, Caller, AfterChange,
        message "The JSON format of the input data is incorrect.", "输入数据JSON格式错误。",
        meaning "The body is not valid JSON. Other layers of the service report the same fault as AIS.0501 and ModelArts.4105.",
                "请求体不是合法的 JSON。服务的其他层次会以 AIS.0501 或 ModelArts.4105 报告同一问题。",
        action "Check the JSON format of the input data.",
               "请检查输入数据的JSON格式。";
    // Base64 is how the request carries the picture; the picture itself may be in order.
    "AIS.0015", Common, Request, Caller, AfterChange,
        message "Base64 decoding of the input data is incorrect.", "输入数据BASE64解码错误。",
        meaning "The image field does not decode as base64: a foreign character, wrong padding, or a string that was cut. AIS.0402 or AIS.0502 may come instead: the sibling service OCR calls text that is not base64 an unsupported format.",
                "image 字段无法按 Base64 解码：含有非法字符、填充错误或字符串被截断。也可能返回 AIS.0402 或 AIS.0502：同类服务 OCR 会把非 Base64 文本报告为格式不支持。",
        action "The base64 encoding of the image is wrong; check the base64 content.",
               "图片的Base64编码错误,请检查Base64内容。";
    "AIS.0020", Common, Request, Caller, AfterChange,
        message "The size of the request body exceeds the upper limit.", "请求体大小超过限制。",
        meaning "The body is longer than the service takes. An image may have 10 MB as base64, about 7.5 MB as a file; a larger one may still go by url. The gateway refuses bodies over 12 MB with APIG.0201.",
                "请求体超过服务上限。图片编码为 Base64 后不得超过 10 MB（原文件约 7.5 MB），更大的图片可改用 url 提交。超过 12 MB 的请求体由网关以 APIG.0201 拒绝。",
        action "Check the size of the request body.",
               "请检查请求体大小。";
    // The content tells the type; that the service goes by the content and not by a name is an assumption.
    "AIS.0021", Common, Bytes, Caller, No,
        message "The requested file type is not supported.", "请求的文件类型不支持。",
        meaning "The file is of a type that the operation does not take. The service's samples show AIS.0402 for pictures; when this code comes instead is not stated.",
                "文件类型不被该接口支持。服务的示例对图片使用 AIS.0402；何时返回此码没有说明。",
        action "Check the type of the file in the request.",
               "请检查请求的文件类型。";
    "AIS.0022", Common, Request, Caller, AfterChange,
        message "The URL is invalid.", "URL不合法。",
        meaning "The url field does not hold an address that the service can use: V3 takes HTTP and HTTPS addresses on the public network. For videos AIS.0701 says the same.",
                "url 字段不是服务可用的地址：V3 只支持公网 HTTP/HTTPS 地址。视频对应的错误码是 AIS.0701。",
        action "Check the format of the url that was passed in.",
               "请检查输入的url格式。";
    // The size is known before the file is uploaded to OBS.
    "AIS.0023", Common, Bytes, Caller, No,
        message "The file stored in OBS is oversized.", "存储在OBS上的文件过大。",
        meaning "The object in OBS is larger than the operation takes. The advice speaks of the image format, which looks like a slip of the page: check the size first.",
                "OBS 上的对象超过该接口的大小限制。处理措施却要求检查图片格式，应是页面笔误：请先检查大小。",
        action "Check whether the format of the image is one that the service supports. For details see the constraints of Content Moderation.",
               "检查图片格式是否是服务支持的格式。具体请参见《内容审核使用限制》。";
    // Whether OBS hands the object out shows when it is asked for.
    "AIS.0024", Common, Network, Caller, AfterChange,
        message "Failed to obtain the file from OBS.", "从OBS上获取文件失败。",
        meaning "The service could not read the object in OBS, for example because the signature in its URL has expired or does not match. The bucket must be in the region of the service.",
                "服务无法读取 OBS 上的对象，例如 URL 中的签名已过期或验证不通过。存储桶必须与服务在同一区域。",
        action "The cause may be that the signature has expired or was not verified.",
               "原因可能为签名过期或签名验证未通过等。";
    // An empty file is an empty object; one that was emptied on the way shows only in OBS.
    "AIS.0025", Common, Bytes, Caller, AfterChange,
        message "The file stored in OBS is empty.", "存储在OBS上的文件为空。",
        meaning "The object in OBS has 0 bytes, for example because the upload failed or has not finished.",
                "OBS 上的对象为 0 字节，例如上传失败或尚未完成。",
        action "Upload the file to OBS first.",
               "请先上传文件到OBS上。";
    // The scope was chosen when the token was fetched; the token itself does not show it.
    "AIS.0026", Common, Service, Caller, AfterChange,
        message "Incorrect token type.", "token类型错误。",
        meaning "The token has the wrong scope: the service wants one for a project, not one for the whole account.",
                "Token 的作用范围不对：服务要求使用项目（project）级 Token，而不是账号级 Token。",
        action "Use a token of type project.",
               "应使用project类型的token。";
    "AIS.0027", Common, Service, Operator, AfterChange,
        message "The account has been frozen.", "此账户已被冻结。",
        meaning "The account is frozen; by the advice, most likely because a payment is due. Every request fails until that is settled.",
                "账户已被冻结，按处理措施的说法多半是欠费所致；解决之前所有请求都会失败。",
        action "Check whether the account is in arrears.",
               "请检查是否账户是否欠费。";
    "AIS.0028", Common, Service, Caller, AfterChange,
        message "The job is not owned by the current user.", "此任务不属于当前用户。",
        meaning "The job exists, but another account started it. A job can be asked about only by the account that made it.",
                "作业存在，但由其他账户创建；只有创建者的账户才能查询或操作该作业。",
        action "Check the current account.",
               "请检查当前账户。";
    "AIS.0029", Common, Network, Caller, Later,
        message "Failed to download the file from the Internet.", "从外网下载文件失败。",
        meaning "The service could not fetch the file from its URL: the address is wrong, the host cannot be reached from the public network, or it was too slow. If it happens again with the same URL, look at the URL.",
                "服务无法从 URL 下载文件：地址有误、主机无法从公网访问，或下载过慢。同一 URL 再次失败时，应检查 URL 本身。",
        action "Check whether the url of the file is correct and within the supported range.",
               "检查文件url是否正确以及是否在支持的范围内。";
    "AIS.0030", Common, Service, Caller, AfterChange,
        message "Job not found", "任务未找到。",
        meaning "No job has this id: the id is wrong, or the job has expired and was cleared away. In the second case the file has to be submitted anew.",
                "没有此作业：作业 ID 有误，或作业已过期被清理；后一种情况需要重新提交文件。",
        action "The job has expired and was cleared away, or the job id passed in is wrong. Check whether the job id is correct.",
               "任务已过期被清理了或者传入的job id错误。请检查job id是否正确。";
    "AIS.0031", Common, Service, Caller, Later,
        message "The maximum number of uncompleted jobs has been reached.", "未处理完的任务总数达到限制。",
        meaning "Too many jobs of this account are not finished yet. Nothing is wrong with this one: send it again when others have finished.",
                "账户未完成的作业过多。本次请求没有问题，待其他作业完成后再提交即可。",
        action "Pause submitting new jobs.",
               "暂停提交新任务。";
    "AIS.0032", Common, Service, Operator, AfterChange,
        message "The monthly free calls have been used up.", "月免费调用量已使用完。",
        meaning "The free calls of this month are used up. Every further call fails until the account has credit or the month is over.",
                "本月的免费调用次数已用完；在账户充值或进入下个月之前，后续调用都会失败。",
        action "To go on using the service, top up the Huawei Cloud account that it belongs to.",
               "如需继续使用给关联的华为云账户充值即可。";
    "AIS.0041", Common, Request, Caller, AfterChange,
        message "The language is not supported.", "不支持该语种。",
        meaning "The language field asks for a language that this site of the service does not offer; for pictures the Chinese site lists zh only. The \"Table 3\" of the advice is that of the API's own page.",
                "language 字段的取值不被该局点支持；图像接口在中国站只列出 zh。处理措施所说的“表3”位于对应 API 的页面中。",
        action "Pass a language that the site supports. For the supported languages see the description of language in Table 3, request body parameters.",
               "传入该局点支持的语种。具体支持的语种请参考表3 请求Body参数中language中的描述。";
    "AIS.0501", Image, Request, Caller, AfterChange,
        message "Check whether the request JSON is abnormal.", "检查请求json是否存在异常。",
        meaning "The body is not valid JSON. The page has the two texts the wrong way round: the message is an instruction and the advice names the fault. AIS.0014 and ModelArts.4105 report the same fault.",
                "请求体不是合法的 JSON。页面把两段文字写反了：错误信息是操作建议，处理措施才是故障原因。AIS.0014 和 ModelArts.4105 报告的是同一问题。",
        action "The request parameters are not in JSON format.",
               "请求参数不是json格式。";
    // What the message names is in the request; a format that is not accepted shows in the bytes as AIS.0402.
    "AIS.0502", Image, Request, Caller, AfterChange,
        message "Check whether the Base64 encoding and URL of the image are correct.", "检查图像base64以及url是否正确。",
        meaning "No picture could be had from the image or the url field. The message names base64 and URL, the advice also the format; in the sibling service Image Recognition this number means that the format is not supported.",
                "无法从 image 或 url 字段得到图片。错误信息只提到 Base64 和 URL，处理措施还提到格式；在同类服务图像识别中，同一编号表示格式不支持。",
        action "Check whether the base64 encoding of the image is in order, and whether the format of the image is one that the service supports.",
               "请检查图片base64编码是否正常,检查图片格式是否是服务支持的格式。";
    "AIS.0504", Image, Bytes, Caller, No,
        message "The image size does not meet requirements.", "图像大小不符合要求。",
        meaning "The size of the picture is outside the limits: 20 to 6000 pixels on each edge, 10 MB by url, 10 MB as base64 text (7.5 MB as a file). Whether pixels or bytes are meant is not said; the sibling service Image Recognition uses the number for both. A file between 7.5 and 10 MB may still go by url.",
                "图片大小超出限制：每边 20 至 6000 像素；以 url 提交不超过 10 MB，Base64 文本不超过 10 MB（原文件 7.5 MB）。没有说明指像素还是字节；同类服务图像识别把同一编号用于两者。7.5 至 10 MB 的文件仍可改用 url 提交。",
        action "Check whether the size of the image is within the limits of the service.",
               "请检查图像大小是否符合服务限制。";
    "AIS.0401", Image, Request, Caller, AfterChange,
        message "The input parameter is incorrect.", "输入参数有误。",
        meaning "A parameter has a value that the operation does not take, presumably one outside its list, its range or its type. Where this code ends and AIS.0012 begins is not stated.",
                "某个参数的值不被接受，推测为取值、范围或类型不符。它与 AIS.0012 的界限没有说明。",
        action "Enter correct parameters.",
               "请输入正确的参数。";
    "AIS.0402", Image, Bytes, Caller, No,
        message "The image format is not supported.", "图片格式不支持。",
        meaning "The picture is of a format that is not on the list of the operation, or what was sent is no picture at all. A \"data:\" prefix or text that is not base64 may come back as this code too, as it does in the sibling service OCR.",
                "图片格式不在接口支持的列表中，或发送的内容根本不是图片。带有“data:”前缀或非 Base64 的文本也可能返回此码（同类服务 OCR 即如此）。",
        action "Check whether the format of the image is one that the service supports.",
               "检查图片格式是否是服务支持的格式。";
    "AIS.0403", Image, Bytes, Caller, No,
        message "The image file has been damaged.", "图片文件已损坏。",
        meaning "The format is right, but the picture cannot be decoded: it is cut short or its content is damaged. Which damage the service notices is not stated; AIS.0402 or AIS.0502 may come instead.",
                "格式正确，但图片无法解码：文件被截断或内容损坏。服务能发现哪些损坏没有说明；也可能返回 AIS.0402 或 AIS.0502。",
        action "Upload the image file again.",
               "请重新上传图片文件。";
    "AIS.0404", Image, Service, Service, Later,
        message "An exception occurs in Content Moderation.", "内容审核处理错误。",
        meaning "The moderation failed inside the service. The page does not tie it to any fault of the file, so the same request may succeed later.",
                "内容审核在服务内部出错。页面没有把它与文件问题联系起来，稍后用相同请求重试可能成功。",
        action "Contact Huawei Cloud support by submitting a service ticket.",
               "请联系华为云支持人员,请通过工单联系我们。";
    "AIS.0405", Image, Service, Service, Later,
        message "An internal error occurs.", "内部错误。",
        meaning "The service failed inside, like AIS.0003. The same request may succeed later.",
                "服务内部出错，与 AIS.0003 类似；稍后用相同请求重试可能成功。",
        action "Contact Huawei Cloud support by submitting a service ticket.",
               "请联系华为云支持人员,请通过工单联系我们。";
    // The request looks as it should; only the service knows its jobs.
    "AIS.0039", Common, Service, Caller, AfterChange,
        message "Repetitive push stream.", "重复推流,重复创建审核作业。",
        meaning "A moderation job for this live stream is already running. The stream operations have since been taken offline, so a file never meets this code.",
                "该直播流已有审核作业在运行。流审核接口现已下线，提交文件时不会遇到此码。",
        action "If the expected results do not come by callback, and creating a job for the stream is again refused as a repetitive push, close that job and create the job for the stream anew.",
               "如果没有回调预期的审核结果,对该流创建审核作业又提示重复推流,您可以关闭该审核作业,然后对该流重新创建审核作业。";
    "AIS.0701", Video, Request, Caller, AfterChange,
        message "The video URL is invalid", "视频url无效",
        meaning "The url of the video is not an address that the service can use. The numbers from here to AIS.0711 read like the order of the checks, this being the first.",
                "视频的 url 不是服务可用的地址。从此码到 AIS.0711 的编号看起来就是检查的先后顺序，本码是第一步。",
        action "Check whether the url parameter is valid.",
               "检查url参数是否有效";
    "AIS.0702", Video, Network, Caller, Later,
        message "The video URL connects failed", "视频链接失败",
        meaning "The service could not connect to the host of the video. If it happens again with the same URL, check that the host can be reached from the public network.",
                "服务无法连接视频所在的主机。同一 URL 再次失败时，请确认该主机可从公网访问。",
        action "Check whether the url parameter can be connected to.",
               "检查url参数是否能够链接";
    // The header comes from the host; neither the file nor the request shows it.
    "AIS.0703", Video, Network, Caller, AfterChange,
        message "The video size is unknown", "视频url头中不包含大小",
        meaning "The host's answer does not say how large the video is, presumably because it has no Content-Length header, as with chunked transfer. The file may be in order: it is the host that has to change.",
                "主机的响应没有给出视频大小，推测是缺少 Content-Length 响应头（例如分块传输）。文件可能没有问题，需要调整的是存放文件的主机。",
        action "Check whether the url parameter is valid.",
               "检查url参数是否有效";
    // The service reads the size from the host's answer, but it is the size of the file.
    "AIS.0704", Video, Bytes, Caller, No,
        message "The video size must not exceed 300.0MB", "视频大小超过300MB",
        meaning "The video is larger than 300 MB. The message prints \"300.0MB\" and the constraints page \"300Mb\"; neither says how many bytes that is.",
                "视频大于 300 MB。错误信息写作“300.0MB”，使用限制页面写作“300Mb”，均未说明具体字节数。",
        action "Check whether the video file to be moderated is within 300 MB.",
               "检查待审核视频文件大小是否在300MB以内";
    "AIS.0705", Video, Bytes, Caller, No,
        message "The video type is invalid.", "视频格式无效",
        meaning "The file is not of a format on the list: AVI, FLV, MP4, MPG, WMV, MOV, RMVB, m3u8. There is no code for a codec that is not supported or a file without a video stream; they may come as this one, AIS.0706 or AIS.0709.",
                "文件格式不在支持列表中：AVI、FLV、MP4、MPG、WMV、MOV、RMVB、m3u8。编码不支持或没有视频流时没有专门的错误码，可能返回本码、AIS.0706 或 AIS.0709。",
        action "Check whether the video to be moderated is of a format that Content Moderation currently supports.",
               "检查待审核视频是否是当前内容审核支持的格式";
    "AIS.0706", Video, Bytes, Caller, No,
        message "The video is corrupted.", "视频文件损坏",
        meaning "The video is damaged, for example cut short. Which damage the service notices is not stated.",
                "视频文件已损坏，例如被截断。服务能发现哪些损坏没有说明。",
        action "Check whether the video file to be moderated is damaged.",
               "检查待审核视频文件是否损坏";
    "AIS.0708", Video, Network, Caller, Later,
        message "The video downloads failed.", "视频下载失败",
        meaning "The service could not download the video. By its number the connection had been made and the size was known, so the transfer itself broke off or took too long.",
                "服务未能下载视频。按编号顺序推测，此时已建立连接并获知大小，是传输本身中断或超时。",
        action "Check whether the url is valid. If it certainly is, contact Huawei Cloud support by submitting a service ticket.",
               "检查url是否有效,如确认有效,请联系华为云支持人员,通过工单联系我们。";
    // The page names no fault of the file, so none is predicted to give this code first.
    "AIS.0709", Video, Service, Service, Later,
        message "Video detection process occurred error: [错误信息]", "视频审核过程中发生错误,错误信息按照实际内容补充",
        meaning "The moderation of the video failed; the details stand in place of the placeholder \"[错误信息]\" (\"error message\"), which the page prints as it is. A file that cannot be decoded may be the cause: if it fails again, check the file.",
                "审核视频时出错；占位符“[错误信息]”处为实际的错误内容。原因可能是视频无法解码：再次失败时请检查文件。",
        action "Contact Huawei Cloud support by submitting a service ticket.",
               "请联系华为云支持人员,通过工单联系我们。";
    "AIS.0710", Video, Bytes, Caller, No,
        message "Invalid video length. It must be <=2 hours. The input video duration is [%s].", "视频时长超过2小时",
        meaning "The video lasts longer than 2 hours. The page prints the message with \"[%s]\" where the service puts the duration.",
                "视频时长超过 2 小时。页面上的错误信息保留了“[%s]”，服务会在此处填入实际时长。",
        action "Check whether the video to be moderated lasts no longer than 2 hours.",
               "检查待审核视频时长是否在2小时以内";
    "AIS.0711", Video, Bytes, Caller, No,
        message "Invalid video resolution. Width and High must in [20,6000]", "视频分辨率无效",
        meaning "The width or the height of the video (\"High\" in the message) is outside 20 to 6000 pixels, both included. Only this row states the limit; the constraints page does not.",
                "视频的宽或高（错误信息中的“High”）不在 20 至 6000 像素（含两端）之内。只有此处写明该限制，使用限制页面没有提到。",
        action "Check whether the width and the height of the video to be moderated are both between 20 and 6000 pixels.",
               "检查待审核视频分辨率长宽是否均在20-6000像素以内";
    // The host, the path and the method are in the request and can be held against the documented operations.
    "APIG.0101", Gateway, Request, Caller, AfterChange,
        message "The API does not exist or has not been published.", "您所访问的API不存在或尚未在环境中发布。",
        meaning "The gateway knows no API at this address: the host, the path or the HTTP method is wrong, or the service is not offered in that region.",
                "网关在该地址找不到 API：域名、路径或 HTTP 方法有误，或该区域不提供此服务。",
        action "Check whether the API information entered is correct and whether the service exists in that region. Check that the URL of the API is spelt correctly and that the HTTP method (POST, GET and so on) is right. Check the domain name and the uri configured for the call; for the domain names see Endpoints.",
               "请检查输入的api信息是否正确,是否该服务存在对应的区域中。检查API的URL是否拼写正确,HTTP请求方法(POST,GET等)是否正确,请检查服务调用配置的域名和uri信息是否正确,域名可参考域名。";
    // A caller fetches a new token in the usual case; only arrears are the operator's.
    "APIG.0301", Gateway, Service, Caller, AfterChange,
        message "1. Incorrect IAM authentication information: Failed to decrypt the token. Check whether the entered token is complete. 2. The validity period of a token is 24 hours. If the token expires, obtain a new token and pass it. 3. The AK/SK authentication fails. Check whether the AK/SK is correct and whether the account is restricted due to arrears.", "1.IAM身份验证信息不正确:解密令牌失败,检查输入的token是否完整。 2.token有效期为24小时,token超时,重新传入获取token值。 3.因为AK/SK认证失败,请检查AK/SK是否正确,账号是否因欠费等原因权限被限制。",
        meaning "The gateway does not accept the credentials. One code for three faults: a token that cannot be decrypted (often one that was cut), a token older than 24 hours, or an AK/SK signature that fails, perhaps because the account is in arrears. The text that comes with the code tells which.",
                "网关不接受身份凭证。一个错误码对应三种情况：Token 无法解密（多为不完整）、Token 超过 24 小时有效期，或 AK/SK 签名校验失败（也可能因账号欠费）。可根据随错误码返回的文字区分。",
        action "decrypt token fail: the token in the x-auth-token header of the HTTP request is wrong; check the request and the token. token expires: the token has expired; obtain a new one and pass it. verify aksk signature fail: check whether the AK and the SK are correct and whether the account is in arrears.",
               "decrypt token fail:发送的HTTP请求header中x-auth-token的token请求认证信息错误,请检查发送的请求和token。 token expires:token超时,请重新获取新token传入。 verify aksk signature fail:请检查AK、SK是否正确,账号是否欠费。";
    // The base64 text makes the body too large, not the file as such: 10 MB by url are 13.3 MB here.
    "APIG.0201", Gateway, Request, Caller, AfterChange,
        message "The request body is oversized.", "请求体过大。",
        meaning "The body is over the gateway's limit of 12 MB and never reached the service. A picture of that size may still go by url, if it has no more than 10 MB as a file.",
                "请求体超过网关 12 MB 的上限，请求没有到达服务。图片原文件不超过 10 MB 时，可改用 url 提交。",
        action "Check whether the body of the request is too large; for details see the constraints of Content Moderation, and adjust it.",
               "请检查请求的body体是否过大,具体请参见《内容审核使用限制》,进行调整。";
    // How many requests others of the account send at the same time shows only at the gateway.
    "APIG.0308", Gateway, Service, Caller, Later,
        message "The request is sent too fast and exceeds the default rate limit of the service.", "请求发送太快,超过了服务的默认配置限流。",
        meaning "More requests per second than the service's rate limit, which is 10 by default. Wait, send more slowly and repeat the request unchanged.",
                "每秒请求数超过服务的限流值（默认 10 次/秒）。请稍候并降低发送速度，然后原样重试。",
        action "Requests are sent too fast and have reached the rate limit of the API; slow down. If you need a higher rate, contact Huawei Cloud support by submitting a service ticket.",
               "请求发送太快,达到了API的限速阈值,请降低请求速度。如有更高请求速度要求,请联系华为云支持人员,请通过工单联系我们。";
    "ModelArts.0203", ModelArts, Service, Caller, AfterChange,
        message "Invalid token.", "非法Token。",
        meaning "The platform that the service runs on does not accept the token. How this differs from ModelArts.4103 is not stated.",
                "服务所在的平台不接受该 Token。它与 ModelArts.4103 的区别没有说明。",
        action "Check whether the token is correct.",
               "请检查Token是否正确。";
    "ModelArts.4101", ModelArts, Request, Caller, AfterChange,
        message "The token is empty.", "Token为空。",
        meaning "The request has no X-Auth-Token header, or an empty one.",
                "请求没有 X-Auth-Token 请求头，或其值为空。",
        action "The header of the HTTP request holds no x-auth-token with a token for authentication; check the request.",
               "发送的HTTP请求header中没有带x-auth-token的token请求认证信息,请检查发送的请求。";
    // It is the shape of the token that is wrong, and the request shows the shape.
    "ModelArts.4102", ModelArts, Request, Caller, AfterChange,
        message "Failed to parse the token.", "解析Token失败。",
        meaning "What X-Auth-Token holds cannot be read as a token, for example because it was cut or a line break got into it.",
                "X-Auth-Token 的内容无法解析为 Token，例如被截断或混入了换行。",
        action "The token for authentication in the x-auth-token header of the HTTP request is wrong; check the request and the token.",
               "发送的HTTP请求header中x-auth-token的token请求认证信息错误,请检查发送的请求和token。";
    // Only the issuer knows whether a token is valid.
    "ModelArts.4103", ModelArts, Service, Caller, AfterChange,
        message "The token is invalid.", "Token不合法。",
        meaning "The token can be read but is not valid, for example because it has expired: tokens last 24 hours.",
                "Token 可以解析但无效，例如已过期：Token 有效期为 24 小时。",
        action "The token for authentication in the x-auth-token header of the HTTP request is wrong; check the request and the token.",
               "发送的HTTP请求header中x-auth-token的token请求认证信息错误,请检查发送的请求和token。";
    "ModelArts.4104", ModelArts, Request, Caller, AfterChange,
        message "The length of the request body is invalid.", "请求body体长度不合法。",
        meaning "The platform does not accept the length of the body. Whether it is too long, empty or differs from Content-Length is not said.",
                "平台不接受请求体的长度；没有说明是过长、为空还是与 Content-Length 不符。",
        action "Check the length of the request body.",
               "请检查请求body体长度。";
    "ModelArts.4105", ModelArts, Request, Caller, AfterChange,
        message "The JSON format of the request body is incorrect.", "请求body体json格式不对。",
        meaning "The body is not valid JSON: the platform's word for AIS.0014.",
                "请求体不是合法的 JSON，相当于平台层的 AIS.0014。",
        action "Check whether the request body is in JSON format.",
               "请检查请求body体是否符合json格式。";
    "ModelArts.4106", ModelArts, Service, Operator, AfterChange,
        message "The account is restricted.", "用户账号受限。",
        meaning "The account is restricted. Every request fails until the restriction is lifted.",
                "账户受到限制；限制解除之前所有请求都会失败。",
        action "Check the state of the user's resources. For why an account is restricted see the description in the account center.",
               "请检查用户资源状态,账号受限原因请参考账号中心相关描述。";
    "ModelArts.4107", ModelArts, Service, Service, Later,
        message "An exception occurred when obtaining the temporary AK/SK.", "获取用户临时AK,SK异常。",
        meaning "The platform failed to get the temporary AK/SK with which it works for the account. The same request may succeed later.",
                "平台未能获取代表账户工作的临时 AK/SK；稍后用相同请求重试可能成功。",
        action "Contact Huawei Cloud support by submitting a service ticket.",
               "请联系华为云支持人员,通过工单联系我们。";
    "ModelArts.4201", ModelArts, Request, Caller, AfterChange,
        message "The request URL does not contain the service ID.", "请求url中需要包含服务ID。",
        meaning "The path of the request lacks the part that names the service.",
                "请求路径中缺少标识服务的部分。",
        action "Check the service ID in the request url.",
               "请检查请求url中的服务ID。";
    "ModelArts.4202", ModelArts, Request, Caller, AfterChange,
        message "The request URL format is invalid.", "请求url格式不合法。",
        meaning "The URL of the request is malformed. This is the address that is called, not the url field of the body.",
                "请求 URL 的格式有误。这里指调用的地址，而不是请求体中的 url 字段。",
        action "Check the format of the request url.",
               "请检查请求url格式。";
    "ModelArts.4203", ModelArts, Service, Operator, AfterChange,
        message "No access permission.", "没有权限访问。",
        meaning "The user or the account is not permitted to use what the request names.",
                "用户或账户没有访问所请求资源的权限。",
        action "Check the access permissions.",
               "请检查访问权限。";
    "ModelArts.4204", ModelArts, Service, Operator, AfterChange,
        message "Request api error! The API is not subscribed.", "没有订阅该API。",
        meaning "The account has not subscribed to this API, or did so in another region. The advice adds that a misspelt path or a wrong HTTP method gives this code as well.",
                "账户没有订阅该 API，或在其他区域开通。按处理措施的说法，路径拼写错误或 HTTP 方法不对也会返回此码。",
        action "Subscribe to the API; for how to, see the application to enable the service in the service introduction. If the service is enabled, check whether it is enabled in the region that is called. If it is, check whether the URL of the API is spelt correctly and the HTTP method (POST, GET and so on) is right.",
               "请订阅该API,订阅API请参考服务介绍开通申请服务。如已开通服务,请检查开通服务的区域与服务调用的一致,如果一致请检查API的URL是否拼写正确,HTTP请求方法(POST,GET等)是否正确。";
    "ModelArts.4601", ModelArts, Request, Caller, AfterChange,
        message "The external URL is invalid.", "外网下载地址不合法。",
        meaning "The url field does not hold a valid address: the platform's word for AIS.0022.",
                "url 字段不是合法的地址，相当于平台层的 AIS.0022。",
        action "Check the format of the url for the download that was passed in.",
               "请检查输入的url下载地址参数格式。";
    "ModelArts.4603", ModelArts, Network, Caller, Later,
        message "The file failed to be downloaded from the external URL.", "下载外网URL文件失败。",
        meaning "The file could not be downloaded. Sibling services name the causes: not HTTP or HTTPS, a host that is unstable or not on the public network, or a Content-Type that is no standard one such as image/jpeg.",
                "文件下载失败。同类服务列出的原因有：不是 HTTP/HTTPS 地址、主机不稳定或不在公网，或响应的 Content-Type 不是 image/jpeg 等标准类型。",
        action "Check whether the url passed in can be downloaded.",
               "请检查输入的url是否可下载。";
    "ModelArts.4702", ModelArts, Service, Operator, AfterChange,
        message "The OBS agency failed to be queried.", "查询OBS委托失败。",
        meaning "The service reads OBS through an agency that the account grants, and that agency could not be looked up.",
                "服务通过账户授予的委托读取 OBS，但未能查询到该委托。",
        action "Check whether the OBS agency for the service has been enabled.",
               "请检查是否已开通给服务的OBS委托。";
    "ModelArts.4703", ModelArts, Request, Caller, AfterChange,
        message "The OBS URL is invalid.", "OBS地址不合法。",
        meaning "The url field names an object in OBS, but not in a form that is valid.",
                "url 字段指向 OBS 对象，但地址格式不合法。",
        action "Check the OBS url that was passed in.",
               "请检查输入的OBS的url地址。";
    "ModelArts.4704", ModelArts, Network, Caller, AfterChange,
        message "Failed to obtain the OBS file.", "获取OBS文件失败。",
        meaning "The object in OBS could not be read. Sibling services name the causes: the path does not exist, may not be read, or is in another region.",
                "无法读取 OBS 上的对象。同类服务列出的原因有：路径不存在、没有读取权限，或位于其他区域。",
        action "The OBS file could not be downloaded; check whether the file exists.",
               "下载OBS文件失败,请检查对应的文件是否存在。";
    // The size is known before the file is uploaded to OBS.
    "ModelArts.4705", ModelArts, Bytes, Caller, No,
        message "The OBS file is oversized.", "OBS文件大小超限。",
        meaning "The object in OBS is larger than the operation takes: the platform's word for AIS.0023.",
                "OBS 上的对象超过该接口的大小限制，相当于平台层的 AIS.0023。",
        action "Use a file within the size limits of the service; for details see the constraints of Content Moderation.",
               "请使用符合服务大小限制的文件作为输入,具体请参见《内容审核使用限制》。";
    "ModelArts.4706", ModelArts, Network, Caller, AfterChange,
        message "The OBS file does not exist.", "OBS文件不存在。",
        meaning "There is no object at this address in OBS.",
                "OBS 上不存在该地址对应的对象。",
        action "The OBS file could not be downloaded; check whether the file exists.",
               "下载OBS文件失败,请检查对应的文件是否存在。";
}
