//! The words of the page.

use crate::lang::Text;

/// What stands in the template.
pub(super) const FIXED: &[(&str, Text)] = &[
    ("title", Text { en: "Pre-flight report", zh: "上传前预检报告" }),
    (
        "noscript",
        Text {
            en: "This page draws its table with a script that is part of it. Allow scripts for it; it loads nothing else.",
            zh: "本页面的表格由页面自带的脚本生成，请允许其运行脚本；页面不会加载任何其他内容。",
        },
    ),
    ("overview", Text { en: "Overview", zh: "概览" }),
    ("verdicts", Text { en: "Verdicts", zh: "结论" }),
    ("causes", Text { en: "Causes", zh: "原因" }),
    ("files", Text { en: "Files", zh: "文件" }),
    ("search", Text { en: "Search names, codes, faults ( / )", zh: "搜索文件名、错误码、问题（ / ）" }),
    ("format", Text { en: "Format", zh: "格式" }),
    ("details", Text { en: "Details", zh: "详情" }),
];

/// What the script says. `{…}` are places for values.
pub(super) const WORDS: &[(&str, Text)] = &[
    ("files", Text { en: "files", zh: "文件" }),
    ("file_counted", Text { en: "{n} file", zh: "共 {n} 个文件" }),
    ("files_counted", Text { en: "{n} files", zh: "共 {n} 个文件" }),
    ("interrupted", Text { en: "interrupted: the rest was not checked", zh: "已中断：其余文件未检查" }),
    ("no_causes", Text { en: "Nothing was found that the service would object to.", zh: "未发现服务会拒绝的问题。" }),
    ("all_causes", Text { en: "All {n} causes", zh: "全部 {n} 种原因" }),
    ("every_format", Text { en: "Every format", zh: "所有格式" }),
    ("remove_filter", Text { en: "Remove this filter", zh: "移除此筛选条件" }),
    ("shown_of", Text { en: "{shown} of {all}", zh: "{shown} / {all}" }),
    ("nothing_found", Text { en: "No file is like that.", zh: "没有符合条件的文件。" }),
    ("not_printed", Text { en: "… and {n} more.", zh: "……另有 {n} 个。" }),
    ("column_file", Text { en: "File", zh: "文件" }),
    ("column_verdict", Text { en: "Verdict", zh: "结论" }),
    ("column_problem", Text { en: "What is wrong", zh: "问题" }),
    ("column_format", Text { en: "Format", zh: "格式" }),
    ("column_size", Text { en: "Size", zh: "大小" }),
    ("column_measure", Text { en: "Dimensions", zh: "尺寸 / 时长" }),
    ("close", Text { en: "Close", zh: "关闭" }),
    ("findings", Text { en: "Findings", zh: "检查结果" }),
    ("facts", Text { en: "Facts", zh: "文件信息" }),
    ("carried", Text { en: "Carried in {where}", zh: "请求中携带：{where}" }),
    ("at_byte", Text { en: "at byte {n}", zh: "位于字节 {n}" }),
    ("at_row", Text { en: "from row {n}", zh: "自第 {n} 行起" }),
    ("intact", Text { en: "{part} is intact", zh: "完好部分：{part}" }),
    ("more", Text { en: "and {n} more of the kind", zh: "另有 {n} 处同类问题" }),
    ("or", Text { en: "or {codes}", zh: "或 {codes}" }),
    ("documented", Text { en: "documented by the service", zh: "服务文档载明" }),
    ("inferred", Text { en: "inferred", zh: "推断" }),
    ("meaning", Text { en: "Meaning", zh: "含义" }),
    ("action", Text { en: "Advice", zh: "处理措施" }),
    ("who", Text { en: "Who can act", zh: "由谁处理" }),
    ("again", Text { en: "Send again", zh: "能否重试" }),
    ("operation", Text { en: "Operation", zh: "接口" }),
    ("profile", Text { en: "Profile", zh: "检查配置" }),
    ("depth", Text { en: "Depth", zh: "检查深度" }),
    ("depth_header", Text { en: "header", zh: "文件头" }),
    ("depth_structure", Text { en: "structure", zh: "结构" }),
    ("depth_full", Text { en: "full", zh: "完整" }),
    ("yes", Text { en: "yes", zh: "是" }),
    ("no", Text { en: "no", zh: "否" }),
    ("theme", Text { en: "Colours of the page", zh: "页面配色" }),
    ("theme_auto", Text { en: "Auto", zh: "自动" }),
    ("theme_light", Text { en: "Light", zh: "浅色" }),
    ("theme_dark", Text { en: "Dark", zh: "深色" }),
];

/// What facts are called.
pub(super) const FACTS: &[(&str, Text)] = &[
    ("alpha", Text { en: "transparency", zh: "透明度" }),
    ("animated", Text { en: "animated", zh: "动画" }),
    ("audio_codec", Text { en: "audio codec", zh: "音频编码" }),
    ("bit_depth", Text { en: "bits per sample", zh: "位深" }),
    ("bit_rate", Text { en: "bits per second", zh: "比特率" }),
    ("brand", Text { en: "brand", zh: "主品牌" }),
    ("channels", Text { en: "channels", zh: "声道数" }),
    ("codec", Text { en: "codec", zh: "编码" }),
    ("color", Text { en: "colour model", zh: "颜色模型" }),
    ("compression", Text { en: "compression", zh: "压缩方式" }),
    ("display_height", Text { en: "height as shown", zh: "显示高度" }),
    ("display_width", Text { en: "width as shown", zh: "显示宽度" }),
    ("duration_s", Text { en: "duration in seconds", zh: "时长（秒）" }),
    ("encrypted", Text { en: "encrypted", zh: "已加密" }),
    ("fast_start", Text { en: "fast start", zh: "可边下边播" }),
    ("fragmented", Text { en: "fragmented", zh: "分片" }),
    ("frame_rate", Text { en: "frames per second", zh: "帧率" }),
    ("frames", Text { en: "frames", zh: "帧数" }),
    ("height", Text { en: "height", zh: "高度" }),
    ("id", Text { en: "number", zh: "编号" }),
    ("kind", Text { en: "kind", zh: "种类" }),
    ("language", Text { en: "language", zh: "语言" }),
    ("live", Text { en: "live", zh: "直播" }),
    ("orientation", Text { en: "orientation", zh: "方向" }),
    ("profile", Text { en: "profile", zh: "档次" }),
    ("progressive", Text { en: "progressive", zh: "渐进式" }),
    ("rotation", Text { en: "rotation in degrees", zh: "旋转角度" }),
    ("sample_aspect", Text { en: "pixel aspect", zh: "像素宽高比" }),
    ("sample_rate", Text { en: "samples per second", zh: "采样率" }),
    ("tracks", Text { en: "track", zh: "轨道" }),
    ("variant", Text { en: "variant", zh: "变体" }),
    ("video_codec", Text { en: "video codec", zh: "视频编码" }),
    ("width", Text { en: "width", zh: "宽度" }),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_has_a_word_for_all_that_it_says() {
        let script = include_str!("page.js");
        let said = script.match_indices("words.").filter_map(|(at, before)| {
            let name = script[at + before.len()..].split(|c: char| !c.is_ascii_lowercase() && c != '_').next()?;
            (script.as_bytes()[at - 1] != b'.' && !name.is_empty()).then_some(name)
        });
        for name in said {
            assert!(WORDS.iter().any(|(known, _)| *known == name), "{name}");
        }
        for (name, text) in FIXED.iter().chain(WORDS).chain(FACTS) {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{name}");
        }
    }

    #[test]
    fn every_fact_has_a_name() {
        let schema = serde_json::to_value(crate::report::Report::json_schema()).unwrap();
        for kind in ["ImageFacts", "VideoFacts", "TrackFacts"] {
            for name in schema["$defs"][kind]["properties"].as_object().unwrap().keys() {
                assert!(FACTS.iter().any(|(known, _)| known == name), "{name}");
            }
        }
    }
}
