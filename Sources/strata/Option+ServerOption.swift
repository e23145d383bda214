import ArgumentParser
import StrataServer

extension Option where Value == String? {
    /// An option of the command line for a setting of the server, with its name and its help from the table of settings.
    init(_ option: ServerOption) {
        self.init(
            name: .customLong(option.name),
            help: ArgumentHelp(stringLiteral: option.helpText).with(valueName: option.valueName))
    }
}

extension ArgumentHelp {
    fileprivate func with(valueName: String?) -> ArgumentHelp {
        var help = self
        help.valueName = valueName
        return help
    }
}
