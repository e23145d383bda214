import Foundation

/// Where a report goes beside the terminal.
package struct ReportOutput: Sendable {
    /// A file for the report as JSON.
    package var jsonPath: String?
    /// A file for the report as a page.
    package var htmlPath: String?

    /// Files to write, each if its path is given.
    package init(jsonPath: String? = nil, htmlPath: String? = nil) {
        self.jsonPath = jsonPath
        self.htmlPath = htmlPath
    }

    /// A file that can't be written, and why.
    package struct Failure: Error, CustomStringConvertible {
        /// What is wrong, for people.
        package let description: String
    }

    /// Finds out before a long run that its results could not be written.
    ///
    /// - Throws: ``Failure``.
    package func check() throws {
        if let jsonPath, let htmlPath, URL(fileURLWithPath: jsonPath).path == URL(fileURLWithPath: htmlPath).path {
            throw Failure(description: "can't write both reports to \(jsonPath)")
        }
        for path in [jsonPath, htmlPath].compactMap({ $0 }) {
            guard !path.isEmpty else { throw Failure(description: "can't write a report: the file's name is empty") }
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
                throw Failure(description: "can't write \(path): there is no folder \(folder)")
            }
            // By trying it: permissions don't tell everything, and to root they tell nothing.
            let isNew = !FileManager.default.fileExists(atPath: path)
            let file = open(path, O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o666)
            // No reader has come to a pipe yet.
            guard file >= 0 || errno == ENXIO else {
                throw Failure(description: "can't write \(path): \(String(cString: strerror(errno)))")
            }
            if file >= 0 { close(file) }
            if isNew { unlink(path) }
        }
    }

    /// Writes the files.
    ///
    /// - Throws: ``Failure``.
    package func write(_ report: LabReport) throws {
        if let jsonPath { try write(report.json, to: jsonPath) }
        if let htmlPath { try write(Data(report.html.utf8), to: htmlPath) }
    }

    /// Puts reports that were written as JSON on one page, at ``htmlPath``.
    ///
    /// - Parameters:
    ///   - paths: The reports, in the order they are shown.
    ///   - title: The page's title.
    /// - Throws: ``Failure``.
    package func writePage(of paths: [String], title: String) throws {
        let reports = try paths.map { path in
            do {
                return try JSONDecoder().decode(LabReport.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
            } catch {
                throw Failure(description: "\(path) is no report: \(error.localizedDescription)")
            }
        }
        if let htmlPath { try write(Data(LabReport.page(title: title, reports).utf8), to: htmlPath) }
    }

    private func write(_ data: Data, to path: String) throws {
        do {
            try data.write(to: URL(fileURLWithPath: path))
        } catch {
            throw Failure(description: "can't write \(path): \(error.localizedDescription)")
        }
    }
}

extension LabReport {
    /// The report as JSON, with all samples.
    var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }
}
