"""The dashboard: what is published, shown to people. Start `app.py` with Streamlit; `munimon dashboard` does."""
