//! Status packets: what a receiver says about a document (QCVN 102:2016; the codes are those of Decision 28/2018/QĐ-TTg).

/// Largest packet, bytes; ours are below 5 KB.
const MAX_PACKET: usize = 1 << 20;

/// What one receiver says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Status {
    /// Code of the agency that says it.
    pub from: String,
    /// The document that it is about: agency, date, number.
    pub about: String,
    /// 01 arrived, 02 refused, 03 received and registered, 04 assigned, 05 in process, 06 finished, 13 recall requested,
    /// 15 and 16 recall accepted and refused.
    pub code: String,
    /// In the receiver's words.
    pub description: String,
}

impl Status {
    /// It arrived there.
    pub fn is_receipt(&self) -> bool {
        matches!(self.code.as_str(), "01" | "03" | "04" | "05" | "06" | "15" | "16")
    }

    /// It was refused there.
    pub fn is_refusal(&self) -> bool {
        self.code == "02"
    }
}

/// Reads a packet; none for what is no status packet.
pub(super) fn parse(text: &str) -> Option<Status> {
    if text.len() > MAX_PACKET {
        return None;
    }
    let xml = roxmltree::Document::parse(text.trim_start_matches('\u{feff}')).ok()?;
    let first = |within: roxmltree::Node, name: &str| -> Option<String> {
        let node = within.descendants().find(|node| node.tag_name().name() == name)?;
        Some(node.text().unwrap_or_default().trim().to_owned())
    };
    let root = xml.root_element();
    let part = |name: &str| root.descendants().find(|node| node.tag_name().name() == name);
    let code = first(root, "StatusCode")?;
    let about = part("ResponseFor")?;
    // Some spell the code with one digit.
    let code = if code.len() == 1 { format!("0{code}") } else { code };
    Some(Status {
        from: first(part("From")?, "OrganId")?,
        about: first(about, "DocumentId").filter(|id| !id.is_empty()).or_else(|| composed(about))?,
        code,
        description: first(root, "Description").unwrap_or_default(),
    })
}

/// The document's name out of its parts.
fn composed(about: roxmltree::Node) -> Option<String> {
    let text = |name: &str| {
        let node = about.descendants().find(|node| node.tag_name().name() == name)?;
        node.text().map(|text| text.trim().to_owned())
    };
    Some(format!("{},{},{}", text("OrganId")?, text("PromulgationDate")?, text("Code")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKET: &str = "<edXML:Status xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><edXML:Header>\
        <edXML:ResponseFor><edXML:OrganId>H01.151</edXML:OrganId><edXML:Code>125/UBND-VP</edXML:Code>\
        <edXML:PromulgationDate>2026/11/24</edXML:PromulgationDate></edXML:ResponseFor><edXML:From>\
        <edXML:OrganId>G09.01</edXML:OrganId></edXML:From><edXML:StatusCode>3</edXML:StatusCode>\
        <edXML:Description>Đã tiếp nhận</edXML:Description></edXML:Header></edXML:Status>";

    #[test]
    fn a_status_names_who_says_what_about_which_document() {
        let status = parse(PACKET).unwrap();
        assert_eq!(status.about, "H01.151,2026/11/24,125/UBND-VP");
        assert_eq!((status.from.as_str(), status.code.as_str()), ("G09.01", "03"));
        assert!(status.is_receipt() && !status.is_refusal());
        assert!(parse(&PACKET.replace("StatusCode>3", "StatusCode>02")).unwrap().is_refusal());
        // A packet that asks for a recall is no receipt.
        assert!(!parse(&PACKET.replace("StatusCode>3", "StatusCode>13")).unwrap().is_receipt());
    }

    #[test]
    fn what_is_no_status_is_none() {
        for text in [
            "",
            "<a/>",
            "no xml",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            &PACKET.replace("From", "Of"),
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
