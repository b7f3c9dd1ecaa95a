"""What a security team tunes a policy with: explain, test, backtest; it asks the code that decides live mail."""
