import CStrataProbe

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Names the functions that addresses of a watched program lie in.
///
/// Not for use by several threads at once.
final class Symbolizer {
    private struct Module {
        var base: UInt64
        var range: Range<UInt64>
        var path: String
    }

    private var modules: [Module] = []
    private var functions: [String: [ELFFile.Symbol]] = [:]
    private var names: [UInt64: String] = [:]

    /// Notes what the program had loaded when the watching began.
    init(_ channel: ProbeChannel) {
        for index in 0..<STRATA_PROBE_MODULES {
            var module = strata_probe_module_summary()
            strata_probe_read_module(channel.pointer, index, &module)
            guard let path = module.path, module.start < module.end else { continue }
            modules.append(
                Module(base: module.base, range: module.start..<module.end, path: String(cString: path)))
        }
    }

    /// Whether an address lies in the probe itself.
    func isProbe(_ address: UInt64) -> Bool {
        modules.contains {
            $0.range.contains(address) && ($0.path.hasPrefix("/proc/") || $0.path.contains("strata-probe.so"))
        }
    }

    /// The function, readable, or the file and the place in it.
    ///
    /// - Complexity: O(log functions), after the first time that a file is needed, when it is read.
    func name(of address: UInt64) -> String {
        if let name = names[address] {
            return name
        }
        let name = find(address)
        names[address] = name
        return name
    }

    private func find(_ address: UInt64) -> String {
        let hexadecimal = String(address, radix: 16)
        guard let module = modules.first(where: { $0.range.contains(address) }) else { return "0x" + hexadecimal }
        let file = module.path.split(separator: "/").last.map(String.init) ?? module.path
        // The address is the one after the call, which may be the next function's first.
        let place = address - module.base - 1
        let symbols = functions(in: module.path)
        var low = 0
        var high = symbols.count
        while low < high {
            let middle = (low + high) / 2
            if symbols[middle].address <= place {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0 else { return "\(file)+0x\(String(place, radix: 16))" }
        let symbol = symbols[low - 1]
        guard symbol.size == 0 || place < symbol.address + symbol.size else {
            return "\(file)+0x\(String(place, radix: 16))"
        }
        return Self.readable(symbol.name) + " in " + file
    }

    private func functions(in path: String) -> [ELFFile.Symbol] {
        if let known = functions[path] {
            return known
        }
        let read = ELFFile(path: path)?.functions ?? []
        functions[path] = read
        return read
    }

    private static func readable(_ symbol: String) -> String {
        guard let text = strata_probe_demangled(symbol) else { return symbol }
        defer { free(text) }
        return String(cString: text)
    }
}
